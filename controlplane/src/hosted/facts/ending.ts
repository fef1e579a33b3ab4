// Certificates that come to their end without being renewed: what people are told of them, and when — core
import type { EventNote } from '@k0smotron-ts/runtime'
import { purposesOf } from '../datastore/datastore.ts'
import type { CertificateFacts, KubeconfigFacts, Observed } from '../observed.ts'
import { secretNameOf } from '../pki/certificate-plan.ts'
import { earliest } from './earliest.ts'

const hour = 3_600_000
const day = 24 * hour
/** So long before its end, the first time first. */
const noticeDays = [30, 7, 1] as const

/**
 * For how long a notice is still given: nothing is written down of it, and a manager that starts later gives none. As long
 * as kube-apiserver keeps an Event unless it is told otherwise, so that no time sees two.
 */
const lateMs = hour

/** Or half of what was left when it was due, if that is less: a single refusal is no news, since it is tried again at once. */
const patienceMs = hour

interface Ending {
  readonly secret: string
  readonly notAfter: Date
  /** From when on nobody renews it. */
  readonly since?: Date
  readonly isOurs: boolean
}

interface Notice extends Ending {
  readonly days: number
  readonly at: Date
}

/** Those whose time has just come; the same in every pass within that hour. */
export function endNotices(observed: Observed): readonly EventNote[] {
  const { now } = observed
  return noticesOf(observed)
    .filter(({ at }) => at <= now && now.getTime() - at.getTime() < lateMs)
    .map(noteOf)
}

/** When the next one is due: no change of a watched object announces it. */
export function nextEndNotice(observed: Observed): Date | undefined {
  return earliest(noticesOf(observed).flatMap(({ at }) => (at > observed.now ? at : [])))
}

/** Of what is over a condition tells. */
function noticesOf(observed: Observed): readonly Notice[] {
  return endingsOf(observed).flatMap(ending => {
    const times = noticeDays.map(days => ({ days, at: new Date(ending.notAfter.getTime() - days * day) }))
    const { since = new Date(0) } = ending
    // one that is not renewed from then on is told of by the last notice alone whose time was over
    const begun = times.findLast(({ at }) => at <= since)
    const later = times.filter(({ at }) => at > since)
    return [...(begun ? [{ ...begun, at: since }] : []), ...later].map(time => ({ ...ending, ...time }))
  })
}

function endingsOf({ certificates, datastore, kubeconfig, names, now }: Observed): readonly Ending[] {
  const known = purposesOf(datastore).map(purpose => [secretNameOf(names, purpose), certificates[purpose]] as const)
  return [...known, [names.kubeconfig, kubeconfig] as const].flatMap(([secret, facts]) => {
    const ending = facts && endingOf(facts, now)
    return ending ? [{ ...ending, secret }] : []
  })
}

/** An authority, one of the user, and one of ours that is due and could not be renewed. */
function endingOf(facts: CertificateFacts & KubeconfigFacts, now: Date): Omit<Ending, 'secret'> | undefined {
  const { notAfter, renewAt, changesAt } = facts
  if (!notAfter || notAfter <= now) return undefined
  if (changesAt) return { notAfter, isOurs: false }
  if (!renewAt || renewAt > now) return undefined
  // one that is wanted now for another reason than its age was not waited for until now
  return { notAfter, isOurs: true, ...(renewAt < now && { since: overdueAt(renewAt, notAfter) }) }
}

function overdueAt(renewAt: Date, notAfter: Date): Date {
  const due = renewAt.getTime()
  return new Date(due + Math.min(patienceMs, (notAfter.getTime() - due) / 2))
}

function noteOf({ secret, notAfter, days, isOurs }: Notice): EventNote {
  const remedy = isOurs
    ? 'it could not be renewed: other conditions and Events say why'
    : 'nothing renews it: make it anew, with the same key where it is an authority'
  const left = days === 1 ? 'one day' : `${days} days`
  const message = `the certificate in Secret ${secret} ends at ${notAfter.toISOString()}, in less than ${left}; ${remedy}`
  return { type: 'Warning', reason: 'CertificateEnds', message, isOnce: true }
}
