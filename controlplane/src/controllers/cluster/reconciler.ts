// Reconciles Cluster of k0smotron.io — shell
import { isPaused, k0smotronCluster, type ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, type Shell, settle } from '@k0smotron-ts/runtime'
import { heldAction } from '../../hosted/pass/keep.ts'
import type { HostedControllerDeps } from '../hosted-controller.ts'
import { forget, measure } from '../measure.ts'
import { finalize } from './finalize.ts'
import { blockedBy } from './gate.ts'
import { keep, nextDeadline } from './keep.ts'
import { observe } from './observe.ts'
import { type Pass, report, statusOf } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

const { kind } = k0smotronCluster

/**
 * Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. The status is
 * reported before a refusal is thrown, so that the queue backs off.
 */
export async function reconcile(key: ObjectKey, shell: Shell, deps: HostedControllerDeps): Promise<Action> {
  const begunAt = deps.elapsed()
  const observed = await observe(key, shell, deps)
  if (!observed) {
    forget({ ...key, kind }, deps)
    return awaitChange
  }
  const done = await pass(observed, shell, deps)
  const status = statusOf(done)
  const { cluster: object, hosted: after } = done.observed
  measure({ object, before: observed.hosted, after, applied: done.applied, status, begunAt }, deps)
  await report(shell, done, status)
  return settle(done.applied, done.action)
}

/** Whatever a pass waits for is watched; nothing here polls. */
async function pass(observed: Snapshot, shell: Shell, deps: HostedControllerDeps): Promise<Pass> {
  const { cluster } = observed
  const isGoing = cluster.metadata.deletionTimestamp !== undefined
  if (isPaused(undefined, cluster)) {
    return { observed, verdict: { kind: 'paused', isGoing }, applied: [], action: heldAction(observed.hosted) }
  }
  if (isGoing) return finalize(observed, shell)
  const wait = blockedBy(observed)
  if (!wait) return keep(observed, shell, deps)
  return { observed, verdict: { kind: 'waiting', wait }, applied: [], action: nextDeadline(observed) }
}
