// Judges Secrets with certificates: what can be used, what is wrong with the rest, what is due — core
import { decodeBase64 } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import type { CertificateFacts } from '../observed.ts'
import type { madeWithThese } from './made-with.ts'
import type { Reading } from './reading.ts'

/** What a Secret is judged by. */
export interface Judging {
  readonly now: Date
  /** How long before its end a leaf is due, in milliseconds; a third of its life unless given. */
  readonly renewBefore?: number
  /** Somebody asked for new leaves. */
  readonly isWantedNow?: boolean
  /** Whether the Secret goes with the control plane: another's is used, and never renewed. */
  readonly isOurs: boolean
  /** Whether it goes with an earlier control plane of the same name. */
  readonly isOfAnother: boolean
  /** Of an authority: the fingerprint of the one that this control plane was made with, once that counts. */
  readonly madeWith?: string | undefined
  /** The same, whether or not it counts yet. */
  readonly setMadeWith?: string | undefined
  /** Of a pair that nothing else tells from another, without an owner: which authorities the pods were made with. */
  readonly podsMadeWith?: ReturnType<typeof madeWithThese>
}

/** PEM text under a key of a Secret; empty when the key is missing. */
export function pemOf(secret: KubeSecret | undefined, key: 'tls.crt' | 'tls.key'): string {
  return decodeBase64(secret?.data?.[key])
}

export function factsOf(reading: Reading, judging: Judging): CertificateFacts {
  const { fingerprint, notBefore, notAfter, tokenKeys } = reading
  const fault = faultOf(reading, judging)
  const fits = isFitting(reading, judging) && ({ fits: true } as const)
  if (fault !== undefined) {
    const isEarly = notBefore && notBefore > judging.now
    return { fault, ...fits, ...(notAfter && { notAfter }), ...(isEarly && { changesAt: notBefore }) }
  }
  return {
    ...fits,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(notAfter && { notAfter }),
    ...(tokenKeys && { tokenKeys }),
    ...timesOf(reading, judging),
  }
}

function isFitting(reading: Reading, { isOfAnother, setMadeWith, podsMadeWith = 'all' }: Judging): boolean {
  const { fault, fingerprint, signedByOther } = reading
  const isAuthority = setMadeWith === undefined || fingerprint === setMadeWith
  return fault === undefined && !signedByOther && !isOfAnother && isAuthority && podsMadeWith === 'all'
}

/** Worst first. A leaf of ours is at fault never: it is made anew. */
function faultOf(reading: Reading, judging: Judging): string | undefined {
  const { now, isOurs, isOfAnother, madeWith, podsMadeWith } = judging
  const { fault, fingerprint, renewAt, signedByOther, notBefore, notAfter } = reading
  if (isOfAnother) return 'belongs to another control plane of this name, and goes with it'
  if (fault !== undefined) return fault
  if (madeWith !== undefined && fingerprint !== madeWith) {
    return 'has another key than the authority that this control plane was made with, and nothing that runs trusts it; put that one back'
  }
  if (podsMadeWith === 'others') {
    return 'with it the authorities are not those that the pods were made with, and every token would be void: restore all from one backup, or take its label app.kubernetes.io/component off to have it used'
  }
  if (isOurs && renewAt) return undefined
  if (signedByOther) return "was not signed by the authority of this cluster's etcd; delete it to have a new one made"
  if (notBefore && notBefore > now) return `is not valid before ${notBefore.toISOString()}`
  return notAfter && notAfter <= now ? `expired at ${notAfter.toISOString()}` : undefined
}

/**
 * A leaf of ours that nobody would accept is due at once: another authority signed it, or a clock that was ahead made it.
 * One that lasts as long as its authority is not due by age: another would last no longer.
 */
function timesOf(reading: Reading, judging: Judging): Pick<CertificateFacts, 'renewAt' | 'changesAt' | 'endsSoon'> {
  const { renewAt, warnAt, signedByOther, lastsAsAuthority, notBefore, notAfter } = reading
  const { now, isOurs, isWantedNow } = judging
  if (renewAt && isOurs) {
    if (isWantedNow || signedByOther || (notBefore && notBefore > now)) return { renewAt: now }
    return lastsAsAuthority ? {} : { renewAt: dueAt(reading, judging) ?? renewAt }
  }
  const changesAt = [warnAt, notAfter].find(time => time && time > now)
  return { ...(changesAt && { changesAt }), ...(warnAt && warnAt <= now && { endsSoon: true }) }
}

/** Not in the first tenth of its life: a leaf that lives shorter than it is to be renewed before would be made on and on. */
function dueAt({ notBefore, notAfter }: Reading, { renewBefore }: Judging): Date | undefined {
  if (renewBefore === undefined || !notBefore || !notAfter) return undefined
  const [begin, end] = [notBefore.getTime(), notAfter.getTime()]
  return new Date(Math.max(end - renewBefore, begin + (end - begin) / 10))
}
