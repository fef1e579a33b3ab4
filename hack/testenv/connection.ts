// How to reach an API server, and as whom — core
import { dump } from 'js-yaml'

/** An API server and one identity there; all of it PEM or plain text. */
export interface Connection {
  /** `https://host:port` */
  readonly server: string
  readonly ca: string
  readonly identity:
    | { readonly certificate: { readonly cert: string; readonly key: string } }
    | { readonly token: string }
}

/** A kubeconfig with one context, nothing in it points to another file. */
export function printKubeconfig({ server, ca, identity }: Connection): string {
  const user =
    'token' in identity
      ? { token: identity.token }
      : {
          'client-certificate-data': base64(identity.certificate.cert),
          'client-key-data': base64(identity.certificate.key),
        }
  return dump(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'testenv', cluster: { server, 'certificate-authority-data': base64(ca) } }],
      users: [{ name: 'testenv', user }],
      contexts: [{ name: 'testenv', context: { cluster: 'testenv', user: 'testenv' } }],
      'current-context': 'testenv',
    },
    { lineWidth: -1, noRefs: true },
  )
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
