// What is to be done about the certificates of webhooks — core
import { type Certificate, issuedAt, parseCertificate, renewAt } from '../../pki/certificate.ts'
import type { Found, Material } from './material.ts'

export interface Timing {
  readonly authorityMs: number
  readonly servingMs: number
  /** Until everyone acts on what was written: kube-apiservers on whom to trust, replicas on what to serve. */
  readonly settleMs: number
}

export interface Observed {
  readonly found: Found
  /** What was ours when we last saw it. */
  readonly remembered: Material | undefined
  /** Whether everyone who is to trust the authorities of `found` has been told so. */
  readonly isInjected: boolean
  readonly dnsNames: readonly string[]
  readonly now: Date
}

/** Each changes the Secret by one write, and the next pass decides on what it finds then. */
export type Decision =
  /** An authority and what it signs; nobody serves anything yet. */
  | { readonly kind: 'begin' }
  /** A further authority, to be trusted before anything that it signs is served. */
  | { readonly kind: 'trustNext'; readonly from: Material }
  /** A new serving certificate of the newest authority. */
  | { readonly kind: 'serveNext'; readonly from: Material }
  /** Nobody serves what the older authorities signed any more. */
  | { readonly kind: 'forget'; readonly from: Material }
  /** Nothing until then; without `until`, until something changes. */
  | { readonly kind: 'keep'; readonly material: Material; readonly until?: Date }
  /** It belongs to someone else and cannot be used. */
  | { readonly kind: 'leave'; readonly fault: string }

export function decide(observed: Observed, timing: Timing): Decision {
  const { found, now } = observed
  if (found.kind === 'material') {
    return found.isOurs ? ofOurs(found.material, observed, timing) : ofOthers(found.material, observed)
  }
  if (found.kind === 'fault' && !found.isOurs) return { kind: 'leave', fault: found.fault }
  return again(observed.remembered, now)
}

/** What replicas still serve stays trusted, so that a Secret that is lost is no outage. */
function again(remembered: Material | undefined, now: Date): Decision {
  if (!remembered || parseCertificate(remembered.serving.certificate).notAfter <= now) return { kind: 'begin' }
  return { kind: 'trustNext', from: remembered }
}

function ofOurs(material: Material, { dnsNames, isInjected, now }: Observed, { settleMs }: Timing): Decision {
  const [newest = '', ...older] = material.trusted
  const authority = parseCertificate(newest)
  const serving = parseCertificate(material.serving.certificate)
  const settled = (certificate: Certificate): Date => new Date(issuedAt(certificate).getTime() + settleMs)
  if (authority.notAfter <= now) return { kind: 'begin' }

  const serveNext: Decision = { kind: 'serveNext', from: material }
  if (!serving.isIssuedBy(newest)) {
    if (older.length === 0 || serving.notAfter <= now) return serveNext
    return isInjected ? keepUntil(settled(authority), { material, now, after: serveNext }) : { kind: 'keep', material }
  }
  // first, or certificates that live shorter than it takes to settle would be renewed for ever
  if (older.length > 0 && settled(serving) <= now) return { kind: 'forget', from: material }
  if (renewAt(serving) <= now || !dnsNames.every(name => serving.isFor(name))) return serveNext
  if (older.length > 0) return { kind: 'keep', material, until: settled(serving) }
  const due = Math.min(renewAt(serving).getTime(), renewAt(authority).getTime())
  return keepUntil(new Date(due), { material, now, after: { kind: 'trustNext', from: material } })
}

/** Whoever made it renews it. If nobody does (cert-manager is gone, its Secret stayed), it becomes ours before it ends. */
function ofOthers(material: Material, { now }: Observed): Decision {
  const { notBefore, notAfter } = parseCertificate(material.serving.certificate)
  if (notAfter <= now) return { kind: 'begin' }
  const last = new Date(notAfter.getTime() - (notAfter.getTime() - notBefore.getTime()) / 10)
  return keepUntil(last, { material, now, after: { kind: 'trustNext', from: material } })
}

interface Keeping {
  readonly material: Material
  readonly now: Date
  /** What is to be done when the time has come. */
  readonly after: Decision
}

function keepUntil(until: Date, { material, now, after }: Keeping): Decision {
  return until > now ? { kind: 'keep', material, until } : after
}
