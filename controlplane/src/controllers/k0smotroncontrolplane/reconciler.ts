// Reconciles K0smotronControlPlane — shell
import { isPaused, k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, type Shell, settle } from '@k0smotron-ts/runtime'
import { heldAction } from '../../hosted/pass/keep.ts'
import { forget, measure } from '../measure.ts'
import { finalize } from './finalize.ts'
import { blockedBy } from './gate.ts'
import { keep, nextDeadline } from './keep.ts'
import { isPreparedForMove, prepareMove, returns, takeBack } from './move.ts'
import { type Dependencies, observe } from './observe.ts'
import { report } from './report/report.ts'
import { type Pass, statusOf } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

const { kind } = k0smotronControlPlane

/**
 * Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. The status is
 * reported before a refusal is thrown, so that the queue backs off.
 */
export async function reconcile(key: ObjectKey, shell: Shell, deps: Dependencies): Promise<Action> {
  const begunAt = deps.elapsed()
  const observed = await observe(key, shell, deps)
  if (!observed) {
    forget({ ...key, kind }, deps)
    return awaitChange
  }
  const done = await pass(observed, shell, deps)
  const status = statusOf(done)
  const { controlPlane: object, hosted: after } = done.observed
  measure({ object, before: observed.hosted, after, applied: done.applied, status, begunAt }, deps)
  await report(shell, done, status)
  return settle(done.applied, done.action)
}

/** Whatever a pass waits for is watched; nothing here polls. */
async function pass(observed: Snapshot, shell: Shell, deps: Dependencies): Promise<Pass> {
  const { cluster, controlPlane } = observed
  // while paused too: `clusterctl move` pauses first, and then waits for it
  if (isPreparedForMove(observed)) return prepareMove(observed, shell)
  if (isPaused(cluster, controlPlane)) {
    const isGoing = controlPlane.metadata.deletionTimestamp !== undefined
    return { observed, verdict: { kind: 'paused', isGoing }, applied: [], action: heldAction(observed.hosted) }
  }
  const left = returns(observed)
  if (left.length > 0) return takeBack(observed, left, shell)
  if (controlPlane.metadata.deletionTimestamp) return finalize(observed, shell)
  const wait = blockedBy(observed)
  if (!wait) return keep(observed, shell, deps)
  return { observed, verdict: { kind: 'waiting', wait }, applied: [], action: nextDeadline(observed, deps) }
}
