// Reconciles K0smotronControlPlane — shell
import { isPaused, k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  awaitChange,
  deadline,
  type Outcome,
  type Shell,
  settle,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { nextRenewal } from '../../hosted/facts/certificates.ts'
import { renderInfrastructure } from '../../hosted/phases/infrastructure.ts'
import { render, summarize } from '../../hosted/phases.ts'
import { nextRoll } from '../../hosted/render/k0s/renewal.ts'
import { remaining } from './finalize.ts'
import { blockedBy, hasFinalizer } from './gate.ts'
import { mint } from './mint/mint.ts'
import { isPreparedForMove, releases, returns } from './move.ts'
import { type Dependencies, observe } from './observe.ts'
import { finalizerRemoval } from './own-object.ts'
import { refusalOf, withRefusals } from './refused.ts'
import { report } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import {
  deletingStatus,
  pausedStatus,
  preparedStatus,
  type StatusDraft,
  settledStatus,
  waitingStatus,
} from './status.ts'
import { addFinalizer, apply, letGo, patchParts, prune, publishEndpoint } from './writes.ts'

/** What a pass decided and wrote; the status is reported before a refusal is thrown, so that the queue backs off. */
interface Pass {
  readonly observed: Snapshot
  /** Absent when there is nothing to say. */
  readonly status?: StatusDraft
  readonly applied: readonly Applied[]
  readonly action: Action
}

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, deps: Dependencies): Promise<Action> {
  const before = await observe(key, shell, deps)
  if (!before) {
    deps.stopAsking(key)
    return awaitChange
  }
  const { observed, status, applied, action } = await pass(before, shell, deps)
  const words = refusalOf(applied)?.words
  if (status) await report(shell, observed, { status, ...(words !== undefined && { words }) })
  return settle(applied, action)
}

/** Whatever a pass waits for is watched; nothing here polls. */
async function pass(observed: Snapshot, shell: Shell, deps: Dependencies): Promise<Pass> {
  const { cluster, controlPlane } = observed
  // while paused too: `clusterctl move` pauses first, and then waits for it
  if (isPreparedForMove(observed)) return prepareMove(observed, shell)
  if (isPaused(cluster, controlPlane)) {
    return { observed, status: pausedStatus(observed), applied: [], action: awaitChange }
  }
  const left = returns(observed)
  if (left.length > 0) return { observed, applied: await patchParts(left, shell), action: awaitChange }
  if (controlPlane.metadata.deletionTimestamp) return finalize(observed, shell)
  const blocked = blockedBy(observed)
  if (blocked)
    return { observed, status: waitingStatus(observed, blocked), applied: [], action: nextDeadline(observed, deps) }
  const claimed = await addFinalizer(observed, shell)
  return hasFinalizer(claimed.observed) ? proceed(claimed, shell, deps) : withoutFinalizer(observed, claimed.applied)
}

async function prepareMove(observed: Snapshot, shell: Shell): Promise<Pass> {
  const released = await patchParts(releases(observed), shell)
  const isReleased = released.every(({ result }) => result !== 'refused')
  const applied = [...released, ...(isReleased ? await letGo(observed, shell) : [])]
  const isDone = applied.every(({ result }) => result !== 'refused')
  const refused = refusalOf(applied)
  const status = isDone || refused ? preparedStatus(observed, refused) : undefined
  return { observed, ...(status && { status }), applied, action: awaitChange }
}

function withoutFinalizer(observed: Snapshot, applied: readonly Applied[]): Pass {
  const wait = refusalOf(applied)
  return { observed, ...(wait && { status: waitingStatus(observed, wait) }), applied, action: awaitChange }
}

async function proceed(claimed: Step<Snapshot>, shell: Shell, deps: Dependencies): Promise<Pass> {
  const minted = await mint(claimed.observed, shell, deps.readFacts)
  const outcomes = render(minted.observed.hosted)
  const rendered = await apply(outcomes, shell)
  const published = await publishEndpoint(minted.observed, shell)
  const filled = await deps.infrastructure.complete(published.observed, shell)
  const pruned = await prune(published.observed, outcomes, shell)
  const { observed } = published
  const applied = [...claimed.applied, ...minted.applied, ...rendered, ...published.applied, ...filled, ...pruned]
  const status = settledStatus(observed, allOutcomes(observed, outcomes, applied), applied)
  return { observed, status, applied, action: nextDeadline(observed, deps) }
}

/** Availability names the cause, which may be what the API server refused. */
function allOutcomes(
  { hosted }: Snapshot,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): readonly Outcome[] {
  const answered = outcomes.map(outcome => ({ ...outcome, conditions: withRefusals(outcome, applied) }))
  return [...summarize(hosted, answered), renderInfrastructure(hosted)]
}

/** Deadlines: no change of a watched object announces them. */
function nextDeadline(observed: Snapshot, { infrastructure }: Dependencies): Action {
  const { hosted } = observed
  const look = infrastructure.nextLook(observed)
  return deadline(awaitChange, hosted.now, nextRenewal(hosted), nextRoll(hosted), look)
}

async function finalize(observed: Snapshot, shell: Shell): Promise<Pass> {
  const { controlPlane } = observed
  const left = remaining(observed.hosted)
  const removal = left ? undefined : finalizerRemoval(controlPlane)
  const writes = [
    ...(left?.deletions ?? []).map(set => () => shell.delete(statefulSets, set, { propagation: 'Foreground' })),
    ...(removal ? [() => shell.patch(k0smotronControlPlane, controlPlane, removal)] : []),
  ]
  const attempts = await Promise.all(
    writes.map(write => attempt<unknown>({ object: controlPlane, concerns: '', write })),
  )
  const applied = attempts.map(one => one.applied)
  const message = refusalOf(applied)?.message ?? left?.message
  const status = message === undefined || message === '' ? undefined : deletingStatus(observed, message)
  return { observed, ...(status && { status }), applied, action: awaitChange }
}
