// What a Secret with a serving certificate was found to hold — core
import type { KubeSecret } from '../../kinds.ts'
import { type Certificate, parseCertificate, splitCertificates } from '../../pki/certificate.ts'
import type { Issued } from '../../pki/issue.ts'
import { Secret } from '../../secret.ts'

export interface Material {
  readonly serving: Issued
  /** PEM of each authority that clients have to trust, the newest first; the others go when nobody serves what they signed. */
  readonly trusted: readonly string[]
  /** Of the newest one. Others' Secrets have none. */
  readonly authorityKey?: Secret<string>
}

/** `absent`: there is no Secret. `isOurs`: we made it. A `fault` is fit for a log and quotes nothing. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'fault'; readonly isOurs: boolean; readonly fault: string }
  | { readonly kind: 'material'; readonly isOurs: boolean; readonly material: Material }

/** Who made a Secret; whoever makes it anew in our place (cert-manager) takes the label off. */
const makerLabel = 'app.kubernetes.io/managed-by'

/** The keys are cert-manager's; `ca.key` is ours alone. */
export function findMaterial(secret: KubeSecret | undefined, maker: string): Found {
  if (!secret) return { kind: 'absent' }
  const isOurs = secret.metadata.labels?.[makerLabel] === maker
  const material = readMaterial(secret.data ?? {}, isOurs)
  return typeof material === 'string'
    ? { kind: 'fault', isOurs, fault: material }
    : { kind: 'material', isOurs, material }
}

function readMaterial(data: Readonly<Record<string, string>>, isOurs: boolean): Material | string {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8')
  const serving: Issued = { certificate: text('tls.crt'), privateKey: new Secret(text('tls.key')) }
  const trusted = splitCertificates(text('ca.crt'))
  const authorityKey = new Secret(text('ca.key'))
  const fault = pairFault('tls', serving) ?? (isOurs ? authorityFault(trusted, authorityKey) : undefined)
  return fault ?? { serving, trusted, ...(isOurs && { authorityKey }) }
}

function authorityFault(trusted: readonly string[], privateKey: Secret<string>): string | undefined {
  const unreadable = trusted.some(certificate => parsed(certificate) === undefined)
  return unreadable ? 'ca.crt is no certificate' : pairFault('ca', { certificate: trusted[0] ?? '', privateKey })
}

function pairFault(name: 'tls' | 'ca', { certificate, privateKey }: Issued): string | undefined {
  const x509 = parsed(certificate)
  if (!x509) return `${name}.crt is no certificate`
  return x509.matchesKey(privateKey.reveal()) ? undefined : `${name}.key is not the key of ${name}.crt`
}

function parsed(pem: string): Certificate | undefined {
  try {
    return parseCertificate(pem)
  } catch {
    return undefined
  }
}

/** As it is stored. `live` keeps its type, which cannot change, and its place among writes; whose it was is forgotten. */
export function printMaterial(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { serving, trusted, authorityKey }: Material,
  { maker, live }: { readonly maker: string; readonly live?: KubeSecret },
): KubeSecret {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
  const { uid, resourceVersion } = live?.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, labels: { [makerLabel]: maker }, ...(live && { uid, resourceVersion }) },
    type: live?.type ?? 'kubernetes.io/tls',
    data: {
      'tls.crt': base64(serving.certificate),
      'tls.key': base64(serving.privateKey.reveal()),
      'ca.crt': base64(bundleOf(trusted)),
      ...(authorityKey && { 'ca.key': base64(authorityKey.reveal()) }),
    },
  }
}

/** One text of several certificates. */
export function bundleOf(certificates: readonly string[]): string {
  return certificates.map(certificate => `${certificate.trim()}\n`).join('')
}
