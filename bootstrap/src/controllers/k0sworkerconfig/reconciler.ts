// Reconciles K0sWorkerConfig — shell
import { dataSecret, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  ApiError,
  type ApiErrorReason,
  awaitChange,
  requeueAfter,
  type Shell,
  type Wait,
} from '@k0smotron-ts/runtime'
import { isLeaving } from './arrival.ts'
import { followUp, leave } from './follow-up.ts'
import { blockedBy, isHeld, ofForeigners } from './gate.ts'
import { isOurBootstrapData } from './identity.ts'
import { mintData, mintJoinToken, projectToken } from './mint.ts'
import { observe } from './observe.ts'
import type { Observed } from './observed.ts'
import { tell } from './report.ts'
import { heldStatus, settledStatus, waitingStatus } from './status.ts'
import { openWorkload, type Surroundings, WorkloadError } from './workload.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, around: Surroundings): Promise<Action> {
  const observed = await observe(key, shell)
  if (!observed || isHeld(observed) || isLeaving(observed)) {
    leave(key, around)
    if (observed && isHeld(observed)) await tell(shell, observed, heldStatus(observed))
    return awaitChange // our object, its owner and the Cluster are watched
  }
  try {
    return await decide(observed, shell, around)
  } catch (error) {
    const wait = refusalOf(error)
    if (wait && !observed.secrets.bootstrap) await tell(shell, observed, waitingStatus(observed, wait))
    if (error instanceof WorkloadError && error.isUnreachable) return requeueAfter(askAgainMs)
    throw error
  }
}

async function decide(observed: Observed, shell: Shell, around: Surroundings): Promise<Action> {
  const { bootstrap } = observed.secrets
  if (bootstrap && isOurBootstrapData(observed, bootstrap)) return settled(observed, shell, around)

  const blocked = blockedBy(observed)
  if (blocked) return waiting(observed, shell, blocked) // whatever blocks us is watched; nothing here polls

  const workload = openWorkload(observed, around)
  if (workload.kind === 'closed') {
    if (workload.wait) await tell(shell, observed, waitingStatus(observed, workload.wait))
    return workload.next
  }
  const minted = await mintJoinToken(observed, shell)
  const taken = ofForeigners(minted)
  if (taken) return waiting(minted, shell, taken)
  const projected = await projectToken(minted, shell, { workload, tokens: around.tokens })
  const stored = await mintData(projected, shell)
  const foreign = ofForeigners(stored)
  return foreign ? waiting(stored, shell, foreign) : settled(stored, shell, around)
}

async function waiting(observed: Observed, shell: Shell, wait: Wait): Promise<Action> {
  await tell(shell, observed, waitingStatus(observed, wait))
  return awaitChange
}

/** Told before anything else is tried: Cluster API hands the data to the machine (CT-B07). */
async function settled(observed: Observed, shell: Shell, around: Surroundings): Promise<Action> {
  await tell(shell, observed, settledStatus(observed))
  return followUp(observed, shell, around)
}

/** The pool has been told of the silence by now, and spreads the questions; this is only when to look at its answer. */
const askAgainMs = 1_000

const lasting: readonly ApiErrorReason[] = ['Forbidden', 'Invalid', 'BadRequest', 'Unknown']

/** What stays so until someone acts: they must read it on the object, not in our log. */
function refusalOf(error: unknown): Wait | undefined {
  const { applyRefused, controlPlaneUnreachable } = dataSecret.dataSecretReason
  if (error instanceof WorkloadError) return { reason: controlPlaneUnreachable, message: error.message }
  if (!(error instanceof ApiError) || !lasting.includes(error.reason)) return undefined
  return { reason: applyRefused, message: error.message }
}
