// Reconciles K0smotronControlPlane — shell
import { controlPlaneCondition, k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  ApiError,
  type Applied,
  awaitChange,
  deadline,
  type Shell,
  settle,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { nextRenewal } from '../../hosted/certificates.ts'
import type { Observed } from '../../hosted/observed.ts'
import { render, summarize } from '../../hosted/phases.ts'
import { apply, publishEndpoint, tidy } from './apply.ts'
import { remainder } from './finalize.ts'
import { blockedBy, isHeld } from './gate.ts'
import { mint } from './mint/mint.ts'
import { observe, type Surroundings } from './observe.ts'
import { finalizerAddition, finalizerRemoval } from './own-object.ts'
import { tell } from './report.ts'
import { deletingStatus, heldStatus, settledStatus, waitingStatus } from './status.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, around: Surroundings): Promise<Action> {
  const observed = observe(key, shell, around)
  if (!observed) {
    around.stopAsking(key)
    return awaitChange
  }
  if (isHeld(observed)) {
    await tell(shell, observed, heldStatus(observed))
    return awaitChange // the Cluster and our object are watched
  }
  const { applied, next } = await tellingRefusals(observed, shell, () => decide(observed, { shell, around }))
  return settle(applied, next) // refusals are thrown only now, when all is told, for the queue to back off
}

/** What a pass did, and what it waits for. */
interface Decision {
  readonly applied: readonly Applied[]
  readonly next: Action
}

/** What a pass works with. */
interface Hands {
  readonly shell: Shell
  readonly around: Surroundings
}

const waiting: Decision = { applied: [], next: awaitChange }

async function decide(observed: Observed, hands: Hands): Promise<Decision> {
  const { shell, around } = hands
  if (observed.controlPlane.metadata.deletionTimestamp) return finalize(observed, shell)
  const blocked = blockedBy(observed)
  if (!blocked) return proceed(await around.infrastructure.observe(await withFinalizer(observed, shell), shell), hands)
  await tell(shell, observed, waitingStatus(observed, blocked))
  return waiting // whatever blocks us is watched; nothing here polls
}

async function proceed(before: Observed, { shell, around }: Hands): Promise<Decision> {
  const minted = await mint(before, shell, around.readFacts)
  const outcomes = render(minted.observed)
  const applied = [...minted.applied, ...(await apply(outcomes, shell))]
  const observed = await publishEndpoint(minted.observed, shell)
  await tell(shell, observed, settledStatus(observed, summarize(observed, outcomes), applied))
  await tidy(observed, outcomes, shell)
  await around.infrastructure.fillEndpoint(observed, shell)
  // a renewal is the only deadline that nothing watched tells us of
  return { applied, next: deadline(awaitChange, observed.now, nextRenewal(observed), observed.kubeconfig?.renewAt) }
}

/** What is forbidden stays so until someone acts: they must read it on the object, not in our log. */
async function tellingRefusals(observed: Observed, shell: Shell, work: () => Promise<Decision>): Promise<Decision> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Forbidden') {
      const { applyRefused: reason } = controlPlaneCondition.anyPhaseReason
      await tell(shell, observed, waitingStatus(observed, { reason, message: error.message }))
    }
    throw error
  }
}

async function withFinalizer(observed: Observed, shell: Shell): Promise<Observed> {
  const addition = finalizerAddition(observed.controlPlane)
  if (!addition) return observed
  return { ...observed, controlPlane: await shell.patch(k0smotronControlPlane, observed.controlPlane, addition) }
}

async function finalize(observed: Observed, shell: Shell): Promise<Decision> {
  const left = remainder(observed)
  if (left) {
    for (const set of left.deletions) await shell.delete(statefulSets, set, { propagation: 'Foreground' })
    await tell(shell, observed, deletingStatus(observed, left.message))
    return waiting // the StatefulSets are watched
  }
  const removal = finalizerRemoval(observed.controlPlane)
  if (removal) await shell.patch(k0smotronControlPlane, observed.controlPlane, removal)
  return waiting
}
