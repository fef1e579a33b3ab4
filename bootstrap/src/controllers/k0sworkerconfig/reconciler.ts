// Reconciles K0sWorkerConfig — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, requeueAfter, type Shell, type Wait } from '@k0smotron-ts/runtime'
import { isLeaving } from './arrival.ts'
import { type Followed, followUp, leave } from './follow-up.ts'
import { blockedBy, isHeld, ofForeigners } from './gate.ts'
import { isOurBootstrapData } from './identity.ts'
import { mintData, mintJoinToken, projectToken } from './mint.ts'
import { observe } from './observe.ts'
import type { Observed } from './observed.ts'
import { isUnreachable, refusalOf } from './refusal.ts'
import { tell } from './report.ts'
import { heldStatus, hinderedBy, knownHindrance, settledStatus, waitingStatus } from './status.ts'
import { takeBack } from './token-life.ts'
import { openWorkload, type Surroundings } from './workload.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, around: Surroundings): Promise<Action> {
  const observed = await observe(key, shell)
  if (!observed || isHeld(observed) || isLeaving(observed)) {
    leave(key, around)
    if (observed && isHeld(observed)) await tell(shell, observed, heldStatus(observed))
    else if (observed) await takeBack(observed, shell, around)
    return awaitChange // our object, its owner and the Cluster are watched
  }
  const storing = await store(observed, shell, around)
  return storing.kind === 'stored' ? settled(storing.observed, shell, around) : storing.next
}

/** The bootstrap data is stored, or when to look again. */
type Storing =
  | { readonly kind: 'stored'; readonly observed: Observed }
  | { readonly kind: 'waiting'; readonly next: Action }

async function store(observed: Observed, shell: Shell, around: Surroundings): Promise<Storing> {
  const { bootstrap } = observed.secrets
  if (bootstrap && isOurBootstrapData(observed, bootstrap)) return { kind: 'stored', observed }
  try {
    return await make(observed, shell, around)
  } catch (error) {
    const wait = refusalOf(error)
    if (wait) await tell(shell, observed, waitingStatus(observed, wait))
    if (isUnreachable(error)) return { kind: 'waiting', next: requeueAfter(askAgainMs) }
    throw error
  }
}

async function make(observed: Observed, shell: Shell, around: Surroundings): Promise<Storing> {
  const blocked = blockedBy(observed)
  if (blocked) return waiting(observed, shell, blocked) // whatever blocks us is watched; nothing here polls

  const workload = openWorkload(observed, around)
  if (workload.kind === 'closed') {
    if (workload.wait) await tell(shell, observed, waitingStatus(observed, workload.wait))
    return { kind: 'waiting', next: workload.next }
  }
  const minted = await mintJoinToken(observed, shell)
  const taken = ofForeigners(minted)
  if (taken) return waiting(minted, shell, taken)
  const projected = await projectToken(minted, shell, { workload, tokens: around.tokens })
  const stored = await mintData(projected, shell)
  const foreign = ofForeigners(stored)
  return foreign ? waiting(stored, shell, foreign) : { kind: 'stored', observed: stored }
}

async function waiting(observed: Observed, shell: Shell, wait: Wait): Promise<Storing> {
  await tell(shell, observed, waitingStatus(observed, wait))
  return { kind: 'waiting', next: awaitChange }
}

/** News is told before anything else is tried: Cluster API hands the data to the machine (CT-B07). */
async function settled(observed: Observed, shell: Shell, around: Surroundings): Promise<Action> {
  const isNews = !observed.config.status?.initialization?.dataSecretCreated
  if (isNews) await tell(shell, observed, settledStatus(observed, knownHindrance(observed)))
  const { next, hindrance, error } = await followed(observed, shell, around)
  if (!isNews) await tell(shell, observed, settledStatus(observed, hindrance))
  if (error !== undefined) throw error
  return isNews && hindrance ? requeueAfter(askAgainMs) : next // then it is told, beside what is known by then
}

interface Attempted extends Followed {
  readonly error?: unknown
}

/** A failure is a value until all is told. */
async function followed(observed: Observed, shell: Shell, around: Surroundings): Promise<Attempted> {
  try {
    return await followUp(observed, shell, around)
  } catch (error) {
    const wait = refusalOf(error)
    const told = wait ? hinderedBy(wait) : knownHindrance(observed)
    if (isUnreachable(error)) return { next: requeueAfter(askAgainMs), hindrance: told }
    return { next: awaitChange, hindrance: told, error }
  }
}

/** The pool has been told of the silence by now, and spreads the questions; this is only when to look at its answer. */
const askAgainMs = 1_000
