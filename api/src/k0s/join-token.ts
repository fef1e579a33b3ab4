// The k0s join token: a bootstrap kubeconfig, zipped and base64-encoded — core

import { gunzipSync, gzipSync } from 'node:zlib'
import { decodeBase64, encodeBase64 } from '../base64.ts'

/** What a worker needs to join. `token` is `<id>.<secret>`. */
export interface JoinToken {
  /** `https://host:port` of the API server. */
  readonly server: string
  /** PEM text of the cluster's certificate authority. */
  readonly certificateAuthority: string
  readonly token: string
  /** k0s refuses a token whose user name does not fit the role. */
  readonly role: 'worker' | 'controller'
}

const users = { worker: 'kubelet-bootstrap', controller: 'controller-bootstrap' } as const

/** The text of a token file. The same input gives the same text: the gzip header carries no time. */
export function encodeJoinToken(token: JoinToken): string {
  const user = users[token.role]
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'k0s',
        cluster: {
          server: token.server,
          'certificate-authority-data': encodeBase64(token.certificateAuthority),
        },
      },
    ],
    contexts: [{ name: 'k0s', context: { cluster: 'k0s', user } }],
    'current-context': 'k0s',
    users: [{ name: user, user: { token: token.token } }],
  }
  // JSON is YAML: k0s reads the kubeconfig with a YAML parser, and JSON leaves nothing to a writer's taste.
  return gzipSync(JSON.stringify(kubeconfig), { level: 9 }).toString('base64')
}

/** What `encodeJoinToken` wrote; throws for anything else. */
export function decodeJoinToken(text: string): JoinToken {
  const kubeconfig: unknown = JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString())
  const { clusters, users: entries } = kubeconfig as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }]
    users: [{ name: string; user: { token: string } }]
  }
  const [{ cluster }] = clusters
  const [{ name, user }] = entries
  const role = name === users.worker ? 'worker' : 'controller'
  if (name !== users[role])
    throw new TypeError(`a join token is for ${Object.values(users).join(' or ')}, not for ${name}`)
  return {
    server: cluster.server,
    certificateAuthority: decodeBase64(cluster['certificate-authority-data']),
    token: user.token,
    role,
  }
}
