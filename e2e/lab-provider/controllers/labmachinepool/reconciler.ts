// Reconciles LabMachinePool — shell
import { isPaused, type ObjectKey, pausedCondition } from '@k0smotron-ts/api'
import { type Action, awaitChange, keyOf, type Shell, type Wait, withConditions } from '@k0smotron-ts/runtime'
import { readyReason } from '../../kinds/conditions.ts'
import { type LabMachinePool, labMachinePool } from '../../kinds/lab-machine-pool.ts'
import type { MachineIdentity, Machines } from '../../machines/machines.ts'
import { claiming, filling, releasing } from '../../own-object.ts'
import { powerOn } from '../../power.ts'
import { blockedBy, dataOf, knownMembers, wantedMembers, without } from './members.ts'
import { type Observed, observe } from './observe.ts'
import { presentStatus, type StatusDraft, waitingStatus } from './status.ts'

/** Level-triggered: as many machines as the owner wants, whatever happened before. */
export async function reconcile(key: ObjectKey, shell: Shell, machines: Machines): Promise<Action> {
  const observed = await observe(key, shell.read)
  if (observed) await decide(observed, shell, machines)
  return awaitChange // owner, Cluster, Secret and the machines themselves wake us
}

async function decide(observed: Observed, shell: Shell, machines: Machines): Promise<void> {
  const { labPool, cluster } = observed
  if (isPaused(cluster, labPool))
    return report(shell, labPool, withConditions(labPool.status, [pausedCondition.paused]))
  if (labPool.metadata.deletionTimestamp) return finalize(labPool, shell, machines)
  const wait = blockedBy(observed) ?? (await grow(observed, shell, machines))
  if (wait) return report(shell, labPool, waitingStatus(labPool, wait))
  const wanted = wantedMembers(observed)
  for (const member of without(knownMembers(labPool), wanted)) await machines.remove(member)
  await note(shell, labPool, wanted)
  await report(shell, labPool, presentStatus(wanted.length))
}

/** A machine is in the list before it is switched on: else a pool that is deleted right then would leave it behind. */
async function grow(observed: Observed, shell: Shell, machines: Machines): Promise<Wait | undefined> {
  const { labPool } = observed
  const wanted = wantedMembers(observed)
  const known = knownMembers(labPool)
  const additions = without(wanted, known)
  const missing = wanted.filter(member => !machines.find(member))
  if (additions.length === 0 && missing.length === 0) return undefined
  const data = dataOf(observed)
  if ('wait' in data) return data.wait
  const addition = claiming(labPool)
  if (addition) await shell.patch(labMachinePool, labPool, addition)
  await note(shell, labPool, [...known, ...additions])
  for (const identity of missing) {
    const order = { ...identity, userData: data.userData }
    const say = (wait: Wait) => report(shell, labPool, waitingStatus(labPool, wait))
    await powerOn(machines, shell, { object: labPool, order, report: say })
  }
  return undefined
}

async function note(shell: Shell, labPool: LabMachinePool, members: readonly MachineIdentity[]): Promise<void> {
  const live = latest(shell, labPool)
  const ids = members.map(({ providerID }) => providerID)
  if (ids.join() === (live.spec.providerIDList ?? []).join()) return
  await shell.patch(labMachinePool, live, filling(live, 'providerIDList', ids))
}

/** Needs nothing but the object: owner, Cluster and Secret may be gone. */
async function finalize(labPool: LabMachinePool, shell: Shell, machines: Machines): Promise<void> {
  const removal = releasing(labPool)
  if (!removal) return
  const message = 'waiting for the machines to be switched off'
  await report(shell, labPool, waitingStatus(labPool, { reason: readyReason.deleting, message }))
  for (const member of knownMembers(labPool)) await machines.remove(member)
  await shell.patch(labMachinePool, labPool, removal)
}

function report(shell: Shell, labPool: LabMachinePool, status: StatusDraft): Promise<void> {
  return shell.report(labMachinePool, latest(shell, labPool), status)
}

/** With what this pass wrote already. */
function latest(shell: Shell, labPool: LabMachinePool): LabMachinePool {
  return shell.read.get(labMachinePool, keyOf(labPool)) ?? labPool
}
