// A throw-away CA with a server and a client certificate — shell
import { type Issued, issueCertificateAuthority, issueLeaf, type LeafRequest } from '../pki/issue.ts'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

export interface TestCertificates {
  readonly ca: string
  /** For 127.0.0.1 and `kubernetes.test`. */
  readonly server: TestCertificate
  client(name: string): Promise<TestCertificate>
}

const validityMs = 3_600_000

export async function testCertificates(): Promise<TestCertificates> {
  const now = new Date()
  const issuer = await issueCertificateAuthority({ commonName: 'test-ca', validityMs, now })
  const leaf = async (commonName: string, more: Pick<LeafRequest, 'usages' | 'sans'>): Promise<TestCertificate> =>
    plain(await issueLeaf({ subject: { commonName }, validityMs, now, issuer, ...more }))
  return {
    ca: issuer.certificate,
    server: await leaf('server', { usages: ['serverAuth'], sans: ['127.0.0.1', 'kubernetes.test'] }),
    client: name => leaf(name, { usages: ['clientAuth'] }),
  }
}

function plain({ certificate, privateKey }: Issued): TestCertificate {
  return { cert: certificate, key: privateKey.reveal() }
}
