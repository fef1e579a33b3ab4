// Reconciles LabMachine — shell
import { isPaused, type ObjectKey, pausedCondition } from '@k0smotron-ts/api'
import { type Action, awaitChange, keyOf, type Shell, type Wait, withConditions } from '@k0smotron-ts/runtime'
import { sha256Of } from '../../bootstrap-data.ts'
import { readyReason } from '../../kinds/conditions.ts'
import { type LabMachine, labMachine } from '../../kinds/lab-machine.ts'
import type { Machines } from '../../machines/machines.ts'
import { identityOf } from '../../machines/provider-id.ts'
import { claiming, filling, releasing } from '../../own-object.ts'
import { powerOn } from '../../power.ts'
import { admit } from './gate.ts'
import { type Observed, observe } from './observe.ts'
import { presentStatus, type StatusDraft, waitingStatus } from './status.ts'

/** Level-triggered: a machine that runs already is found, not switched on again, whoever switched it on. */
export async function reconcile(key: ObjectKey, shell: Shell, machines: Machines): Promise<Action> {
  const observed = await observe(key, shell.read, machines)
  if (observed) await decide(observed, shell, machines)
  return awaitChange // owner, Cluster, Secret and the machine itself wake us
}

async function decide(observed: Observed, shell: Shell, machines: Machines): Promise<void> {
  const { labMachine: live, cluster } = observed
  if (isPaused(cluster, live)) return report(shell, live, withConditions(live.status, [pausedCondition.paused]))
  if (live.metadata.deletionTimestamp) return finalize(live, shell, machines)
  // with an ID it was there once: the ID is given after the machine
  if (live.spec.providerID !== undefined) return report(shell, live, knownStatus(observed))
  return provision(observed, shell, machines)
}

function knownStatus(observed: Observed): StatusDraft {
  const { labMachine: live, present } = observed
  if (present) return presentStatus(observed, present)
  const message = `machine ${live.spec.providerID} is not there any more`
  return waitingStatus(observed, { reason: readyReason.machineGone, message })
}

async function provision(observed: Observed, shell: Shell, machines: Machines): Promise<void> {
  const admitted = admit(observed)
  if ('wait' in admitted) return report(shell, observed.labMachine, waitingStatus(observed, admitted.wait))
  const { userData } = admitted
  const live = await withFinalizer(observed.labMachine, shell)
  const identity = identityOf(live)
  if (!observed.present) {
    const say = (wait: Wait) => report(shell, live, waitingStatus({ labMachine: live }, wait))
    await powerOn(machines, shell, { object: live, order: { ...identity, userData }, report: say })
  }
  const present = machines.find(identity)
  if (!present) throw new Error(`machine ${identity.providerID} went as soon as it was there`)
  const status = presentStatus({ labMachine: live }, present, sha256Of(userData))
  await report(shell, live, status)
  await shell.patch(labMachine, live, filling(live, 'providerID', identity.providerID))
}

async function withFinalizer(live: LabMachine, shell: Shell): Promise<LabMachine> {
  const addition = claiming(live)
  return addition ? shell.patch(labMachine, live, addition) : live
}

/** Needs nothing but the object: Machine, Cluster and Secret may be gone. */
async function finalize(live: LabMachine, shell: Shell, machines: Machines): Promise<void> {
  const removal = releasing(live)
  if (!removal) return
  const message = 'waiting for the machine to be switched off'
  await report(shell, live, waitingStatus({ labMachine: live }, { reason: readyReason.deleting, message }))
  await machines.remove(identityOf(live))
  await shell.patch(labMachine, live, removal)
}

/** Compared with what this pass told last. */
function report(shell: Shell, live: LabMachine, status: StatusDraft): Promise<void> {
  return shell.report(labMachine, shell.read.get(labMachine, keyOf(live)) ?? live, status)
}
