// TLS with what we issue — shell
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type PeerCertificate, type SecureContextOptions } from 'node:tls'
import { beforeAll, expect, test } from 'vitest'
import { type Issued, issueCertificateAuthority, issueLeaf } from './issue.ts'

const now = new Date()
const validityMs = 86_400_000

let authority: Issued
let server: Issued
let client: Issued
let strangers: Issued

beforeAll(async () => {
  authority = await issueCertificateAuthority({ commonName: 'ca', validityMs, now })
  const other = await issueCertificateAuthority({ commonName: 'ca', validityMs, now })
  const leaf = { validityMs, now, issuer: authority }
  server = await issueLeaf({
    ...leaf,
    subject: { commonName: 's' },
    sans: ['api.example.org', '::1'],
    usages: ['serverAuth'],
  })
  const subject = { commonName: 'admin', organizations: ['system:masters'] }
  client = await issueLeaf({ ...leaf, subject, usages: ['clientAuth'] })
  strangers = await issueLeaf({ ...leaf, issuer: other, subject, usages: ['clientAuth'] })
})

const tls = ({ certificate, privateKey }: Issued): SecureContextOptions => ({
  cert: certificate,
  key: privateKey.reveal(),
})

/** What the server makes of the client, or the error that the client gets. */
async function handshake(presented: Issued, servername: string): Promise<PeerCertificate['subject'] | string> {
  const verified = { ca: authority.certificate, requestCert: true, rejectUnauthorized: false }
  const listener = createServer({ ...tls(server), ...verified })
  listener.listen(0, '::1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const judged = new Promise<PeerCertificate['subject'] | string>(resolve => {
    listener.on('secureConnection', peer => {
      resolve(peer.authorized ? peer.getPeerCertificate().subject : String(peer.authorizationError))
    })
  })
  const socket = connect({ ...tls(presented), ca: authority.certificate, host: '::1', port, servername })
  const refused = new Promise<string>(resolve => void socket.on('error', error => resolve(error.message)))
  const result = await Promise.race([judged, refused])
  socket.destroy()
  listener.close()
  return result
}

test('server and client take each other', async () => {
  expect(await handshake(client, 'api.example.org')).toMatchObject({ CN: 'admin', O: 'system:masters' })
})

test('a client of another authority of the same name is refused', async () => {
  expect(await handshake(strangers, 'api.example.org')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('a name that the server does not have is refused', async () => {
  expect(await handshake(client, 'other.example.org')).toMatch(/does not match certificate/)
})

test('a server certificate is not a client certificate', async () => {
  expect(await handshake(server, 'api.example.org')).toBe('INVALID_PURPOSE')
})
