// Reconciles K0smotronControlPlane — shell
import { isPaused, k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, deadline, type Shell, settle, statefulSets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { nextRenewal } from '../../hosted/facts/certificates.ts'
import { render, summarize } from '../../hosted/phases.ts'
import { nextRoll } from '../../hosted/render/k0s/renewal.ts'
import { remaining } from './finalize.ts'
import { blockedBy, hasFinalizer } from './gate.ts'
import { mint } from './mint/mint.ts'
import { type Dependencies, observe } from './observe.ts'
import { finalizerRemoval } from './own-object.ts'
import { refusalOf } from './refused.ts'
import { report } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import { deletingStatus, pausedStatus, settledStatus, waitingStatus } from './status.ts'
import { addFinalizer, apply, prune, publishEndpoint } from './writes.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, deps: Dependencies): Promise<Action> {
  const observed = await observe(key, shell, deps)
  if (!observed) {
    deps.stopAsking(key)
    return awaitChange
  }
  if (isPaused(observed.cluster, observed.controlPlane)) {
    await report(shell, observed, pausedStatus(observed))
    return awaitChange // the Cluster and our object are watched
  }
  if (observed.controlPlane.metadata.deletionTimestamp) return finalize(observed, shell)
  const blocked = blockedBy(observed)
  if (blocked) {
    await report(shell, observed, waitingStatus(observed, blocked))
    return nextDeadline(observed) // whatever blocks us is watched; nothing here polls
  }
  return proceed(observed, shell, deps)
}

/** A refusal is a value until the status reports it; only then is it thrown, so that the queue backs off. */
async function proceed(before: Snapshot, shell: Shell, deps: Dependencies): Promise<Action> {
  const claimed = await addFinalizer(before, shell)
  if (!hasFinalizer(claimed.observed)) {
    const wait = refusalOf(claimed.applied)
    if (wait) await report(shell, before, waitingStatus(before, wait))
    return settle(claimed.applied, awaitChange)
  }
  const minted = await mint(claimed.observed, shell, deps.readFacts)
  const outcomes = render(minted.observed.hosted)
  const rendered = await apply(outcomes, shell)
  const published = await publishEndpoint(minted.observed, shell)
  const filled = await deps.infrastructure.fillEndpoint(published.observed, shell)
  const pruned = await prune(published.observed, outcomes, shell)
  const { observed } = published
  const applied = [...claimed.applied, ...minted.applied, ...rendered, ...published.applied, ...filled, ...pruned]
  await report(shell, observed, settledStatus(observed, summarize(observed.hosted, outcomes), applied))
  return settle(applied, nextDeadline(observed))
}

/** Deadlines: no change of a watched object announces them. */
function nextDeadline({ hosted }: Snapshot): Action {
  return deadline(awaitChange, hosted.now, nextRenewal(hosted), nextRoll(hosted))
}

async function finalize(observed: Snapshot, shell: Shell): Promise<Action> {
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
  if (message) await report(shell, observed, deletingStatus(observed, message))
  return settle(applied, awaitChange) // the StatefulSets are watched
}
