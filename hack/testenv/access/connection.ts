// How to reach an API server, and as whom — core
import { dump } from 'js-yaml'

/** An API server and one identity there; all of it PEM or plain text. */
export interface Connection {
  /** `https://host:port` */
  readonly server: string
  readonly ca: string
  /** Absent: nobody in particular. */
  readonly identity?: Credentials
}

type Credentials =
  | { readonly certificate: { readonly cert: string; readonly key: string } }
  | { readonly token: string }

/** A kubeconfig with one context, nothing in it points to another file. */
export function printKubeconfig({ server, ca, identity }: Connection): string {
  return dump(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'testenv', cluster: { server, 'certificate-authority-data': base64(ca) } }],
      users: [{ name: 'testenv', user: printUser(identity) }],
      contexts: [{ name: 'testenv', context: { cluster: 'testenv', user: 'testenv' } }],
      'current-context': 'testenv',
    },
    { lineWidth: -1, noRefs: true },
  )
}

function printUser(identity: Credentials | undefined): object {
  if (!identity) return {}
  if ('token' in identity) return { token: identity.token }
  const { cert, key } = identity.certificate
  return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
