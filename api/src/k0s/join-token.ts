// The k0s join token: a bootstrap kubeconfig, zipped and base64-encoded — core

import { gunzipSync, gzipSync } from 'node:zlib'
import { decodeBase64, encodeBase64 } from '../base64.ts'
import { parseJsonText } from '../json-text.ts'

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

/**
 * The text of a token file. The same input gives the same text: the gzip header carries no time. Scripts unpack it and
 * rewrite the one line that begins with `server: `, so each field has a line of its own, as k0s writes it.
 */
export function encodeJoinToken({ server, certificateAuthority, token, role }: JoinToken): string {
  const user = users[role]
  const lines = [
    'apiVersion: v1',
    'clusters:',
    '- cluster:',
    `    certificate-authority-data: ${encodeBase64(certificateAuthority)}`,
    `    server: ${server}`,
    '  name: k0s',
    'contexts:',
    '- context:',
    '    cluster: k0s',
    `    user: ${user}`,
    '  name: k0s',
    'current-context: k0s',
    'kind: Config',
    'users:',
    `- name: ${user}`,
    '  user:',
    // quoted: one of digits alone would be a number
    `    token: "${token}"`,
  ]
  return gzipSync(`${lines.join('\n')}\n`, { level: 9 }).toString('base64')
}

/** What `encodeJoinToken` wrote, of earlier releases too; throws for anything else. */
export function decodeJoinToken(text: string): JoinToken {
  const kubeconfig = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength }).toString()
  const found = kubeconfig.startsWith('{') ? inJSON(kubeconfig) : inYAML(kubeconfig)
  const { name, ...token } = found
  const role = name === users.worker ? 'worker' : 'controller'
  if (name !== users[role])
    throw new TypeError(`a join token is for ${Object.values(users).join(' or ')}, not for ${name}`)
  return { ...token, role }
}

/** A kubeconfig with the certificate of one authority. */
const maxOutputLength = 262_144

/** Of the user that it names. */
type Found = Omit<JoinToken, 'role'> & { readonly name: string }

function inYAML(kubeconfig: string): Found {
  const value = (key: string): string => {
    const [, text] = new RegExp(`^[ -]*${key}: "?(\\S*?)"?$`, 'm').exec(kubeconfig) ?? []
    if (text === undefined) throw new TypeError(`a join token has a line ${key}`)
    return text
  }
  const certificateAuthority = decodeBase64(value('certificate-authority-data'))
  return { server: value('server'), certificateAuthority, token: value('token'), name: value('user') }
}

/** As releases before wrote it. */
function inJSON(kubeconfig: string): Found {
  const { clusters, users: entries } = parseJsonText(kubeconfig) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }]
    users: [{ name: string; user: { token: string } }]
  }
  const [{ cluster }] = clusters
  const [{ name, user }] = entries
  const certificateAuthority = decodeBase64(cluster['certificate-authority-data'])
  return { server: cluster.server, certificateAuthority, token: user.token, name }
}
