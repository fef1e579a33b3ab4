// Makes what was decided about the certificates of webhooks — shell

import { parseCertificate } from '../../pki/certificate.ts'
import { type Issued, issueCertificateAuthority, issueLeaf } from '../../pki/issue.ts'
import { Secret } from '../../secret.ts'
import type { Decision, Timing } from './decide.ts'
import type { Material } from './material.ts'

export interface Making {
  /** The first is the name of the certificate too. */
  readonly dnsNames: readonly string[]
  readonly authorityName: string
  readonly timing: Timing
  readonly now: Date
}

/** What is to be stored; `undefined` when the Secret stays as it is. */
export async function carryOut(decision: Decision, making: Making): Promise<Material | undefined> {
  switch (decision.kind) {
    case 'begin': {
      const authority = await newAuthority(making)
      return { ...parts(authority), serving: await newServing(authority, making), trusted: [authority.certificate] }
    }
    case 'trustNext': {
      const { serving, trusted } = decision.from
      const authority = await newAuthority(making)
      return { ...parts(authority), serving, trusted: [authority.certificate, ...signersOf(serving, trusted)] }
    }
    case 'serveNext': {
      const { trusted, authorityKey: privateKey = new Secret('') } = decision.from
      const serving = await newServing({ certificate: trusted[0] ?? '', privateKey }, making)
      return { ...decision.from, serving }
    }
    case 'forget':
      return { ...decision.from, trusted: decision.from.trusted.slice(0, 1) }
    case 'keep':
    case 'leave':
      return undefined
  }
}

const parts = ({ privateKey }: Issued): Pick<Material, 'authorityKey'> => ({ authorityKey: privateKey })

function signersOf({ certificate }: Issued, trusted: readonly string[]): readonly string[] {
  const serving = parseCertificate(certificate)
  return trusted.filter(authority => serving.isIssuedBy(authority)).slice(0, 1)
}

function newAuthority({ authorityName: commonName, timing, now }: Making): Promise<Issued> {
  return issueCertificateAuthority({ commonName, validityMs: timing.authorityMs, now })
}

function newServing(issuer: Issued, { dnsNames, timing, now }: Making): Promise<Issued> {
  const subject = { commonName: dnsNames[0] ?? '' }
  return issueLeaf({ subject, sans: dnsNames, usages: ['serverAuth'], validityMs: timing.servingMs, now, issuer })
}
