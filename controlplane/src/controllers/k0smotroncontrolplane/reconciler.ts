// Reconciles K0smotronControlPlane — shell
import { k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, deadline, type Shell, settle, statefulSets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { nextRenewal } from '../../hosted/facts/certificates.ts'
import { render, summarize } from '../../hosted/phases.ts'
import { nextRoll } from '../../hosted/render/k0s/renewal.ts'
import { remainder } from './finalize.ts'
import { blockedBy, isClaimed, isHeld } from './gate.ts'
import { mint } from './mint/mint.ts'
import { observe, type Surroundings } from './observe.ts'
import { finalizerRemoval } from './own-object.ts'
import { refusalOf } from './refused.ts'
import { tell } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import { deletingStatus, heldStatus, settledStatus, waitingStatus } from './status.ts'
import { apply, claim, prune, publishEndpoint } from './writes.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, around: Surroundings): Promise<Action> {
  const observed = await observe(key, shell, around)
  if (!observed) {
    around.stopAsking(key)
    return awaitChange
  }
  if (isHeld(observed)) {
    await tell(shell, observed, heldStatus(observed))
    return awaitChange // the Cluster and our object are watched
  }
  if (observed.controlPlane.metadata.deletionTimestamp) return finalize(observed, shell)
  const blocked = blockedBy(observed)
  if (blocked) {
    await tell(shell, observed, waitingStatus(observed, blocked))
    return nextDeadline(observed) // whatever blocks us is watched; nothing here polls
  }
  return proceed(observed, shell, around)
}

/** Refusals are values until the status has told them; only then are they thrown, for the queue to back off. */
async function proceed(before: Snapshot, shell: Shell, around: Surroundings): Promise<Action> {
  const claimed = await claim(before, shell)
  if (!isClaimed(claimed.observed)) {
    const wait = refusalOf(claimed.applied)
    if (wait) await tell(shell, before, waitingStatus(before, wait))
    return settle(claimed.applied, awaitChange)
  }
  const minted = await mint(claimed.observed, shell, around.readFacts)
  const outcomes = render(minted.observed.hosted)
  const rendered = await apply(outcomes, shell)
  const published = await publishEndpoint(minted.observed, shell)
  const filled = await around.infrastructure.fillEndpoint(published.observed, shell)
  const pruned = await prune(published.observed, outcomes, shell)
  const { observed } = published
  const applied = [...claimed.applied, ...minted.applied, ...rendered, ...published.applied, ...filled, ...pruned]
  await tell(shell, observed, settledStatus(observed, summarize(observed.hosted, outcomes), applied))
  return settle(applied, nextDeadline(observed))
}

/** The only deadlines that nothing watched tells us of. */
function nextDeadline({ hosted }: Snapshot): Action {
  return deadline(awaitChange, hosted.now, nextRenewal(hosted), nextRoll(hosted))
}

async function finalize(observed: Snapshot, shell: Shell): Promise<Action> {
  const { controlPlane } = observed
  const left = remainder(observed.hosted)
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
  if (message) await tell(shell, observed, deletingStatus(observed, message))
  return settle(applied, awaitChange) // the StatefulSets are watched
}
