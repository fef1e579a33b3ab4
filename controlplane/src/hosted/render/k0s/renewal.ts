// Renews the certificates that k0s issues for itself: it does so at every start, and only then — core
import { createHash } from 'node:crypto'
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Effect, guards, statefulSets } from '@k0smotron-ts/runtime'
import { hasCertificates } from '../../facts/certificates.ts'
import { earliest } from '../../facts/earliest.ts'
import type { Observed } from '../../observed.ts'
import { hashInUse, k0sConfigWith } from './config-in-use.ts'

const { controlPlaneComponentsHealthy } = controlPlaneCondition

/** On the pod template: when the pods were last rolled for their certificates. Absent until the first time. */
const renewedAnnotation = 'k0smotron.io/certificates-renewed'

const day = 24 * 60 * 60 * 1000
/** k0s's own leaves live a year; two thirds of it, and a tenth more or less, so that clusters do not roll together. */
const lifeDays = 365

/** The live annotation; a new one, which rolls the pods, when the oldest k0s has run for too long. */
export function renewalOf(observed: Observed): Readonly<Record<string, string>> {
  const due = rollDue(observed)
  if (due && due <= observed.now) return { [renewedAnnotation]: observed.now.toISOString() }
  const live = lastRoll(observed)
  return live === undefined ? {} : { [renewedAnnotation]: live }
}

/**
 * Rolls the live pods as they are, when that is due: for where the StatefulSet cannot be rendered. Nothing either while a
 * new pod would not find what it starts with.
 */
export function rollOfLive(observed: Observed): readonly Effect[] {
  const { k0sSet } = observed
  const { [renewedAnnotation]: time } = renewalOf(observed)
  if (!k0sSet || time === undefined || time === lastRoll(observed) || !mayStart(observed)) return []
  const path = '/spec/template/metadata/annotations'
  const isFirst = k0sSet.spec?.template?.metadata?.annotations === undefined
  const added = isFirst
    ? { path, value: { [renewedAnnotation]: time } }
    : { path: `${path}/${renewedAnnotation.replace('/', '~1')}`, value: time }
  const patch = { operations: [...guards(k0sSet), { op: 'add' as const, ...added }] }
  return [{ type: statefulSets, object: k0sSet, change: { patch }, concerns: controlPlaneComponentsHealthy }]
}

/** A new pod would find what it starts with. */
export function mayStart(observed: Observed): boolean {
  const { datastore } = observed
  const hasConfig = k0sConfigWith(observed, hashInUse(observed) ?? '') !== undefined
  return (
    hasConfig &&
    datastore.mayStart(observed) &&
    hasCertificates(observed, 'ca', 'proxy', 'sa', ...datastore.clientPurposes)
  )
}

/** When to look again; a roll that is due and cannot be done yet is no time to wait for. */
export function nextRoll(observed: Observed): Date | undefined {
  const due = rollDue(observed)
  return due && due > observed.now ? due : undefined
}

/** When the pods have to be rolled for their certificates; `undefined` while none runs, or they are being rolled. */
function rollDue(observed: Observed): Date | undefined {
  const oldest = oldestStart(observed)
  if (!oldest || isBeforeLastRoll(observed, oldest)) return undefined
  return new Date(oldest.getTime() + lifeDays * day * (2 / 3 + spread(observed)))
}

function lastRoll(observed: Observed): string | undefined {
  return observed.k0sSet?.spec?.template?.metadata?.annotations?.[renewedAnnotation]
}

/** One that lies ahead was written by a clock that did: no start would ever be later. */
function isBeforeLastRoll(observed: Observed, start: Date): boolean {
  const last = new Date(lastRoll(observed) ?? 0)
  return last <= observed.now && start < last
}

/** A container that was started again counts from then: so do its certificates. */
function oldestStart(observed: Observed): Date | undefined {
  const starts = observed.k0sPods.flatMap(({ status }) => {
    const controller = status?.containerStatuses?.find(({ name }) => name === 'controller')
    return controller?.state?.running?.startedAt ?? []
  })
  return earliest(starts.map(start => new Date(start)))
}

/** Between -0.1 and 0.1, the same for a control plane every time. */
function spread({ owner }: Observed): number {
  const hash = createHash('sha256').update(owner.uid).digest()
  return (hash.readUInt16BE(0) / 65535 - 0.5) / 5
}
