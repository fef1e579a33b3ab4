// Reconciles K0sWorkerConfig — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { type Action, awaitChange, type Shell, settle } from '@k0smotron-ts/runtime'
import { adopt } from './data/adopt.ts'
import { storeData } from './data/store-data.ts'
import { observe } from './observe.ts'
import { began, type Observed } from './observed.ts'
import { isLeaving, isPaused } from './registration/arrival.ts'
import { register } from './registration/registration.ts'
import { revokeUnused } from './registration/token-life.ts'
import { isSilence } from './report/refusal.ts'
import { report, reportProgress } from './report/report.ts'
import { pausedStatus } from './report/status.ts'
import { leaveWorkload, type Ports } from './workload.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, ports: Ports): Promise<Action> {
  const observed = await observe(key, shell)
  if (observed && !isPaused(observed) && !isLeaving(observed)) return proceed(observed, shell, ports)
  leaveWorkload(key, ports)
  if (observed && isPaused(observed)) await report(shell, observed, pausedStatus(observed))
  else if (observed) await revokeUnused(observed, shell, ports)
  return awaitChange // our object, its owner and the Cluster are watched
}

/** Refusals are values until the status has told them; only then are they thrown, for the queue to back off. */
async function proceed(observed: Observed, shell: Shell, ports: Ports): Promise<Action> {
  const adopted = await adopt(began(observed), shell, ports)
  const stored = adopted.isHindered ? adopted : await storeData(adopted, shell, ports)
  // before anything else is tried: Cluster API hands the data to the machine
  if (stored.isStored && !observed.config.status?.initialization?.dataSecretCreated) await reportProgress(shell, stored)
  const registered = await register(stored, shell, ports)
  await reportProgress(shell, registered)
  return settle(
    registered.applied.filter(one => !isSilence(one)),
    registered.next,
  )
}
