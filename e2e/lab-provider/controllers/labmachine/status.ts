// The status of a LabMachine — core
import { pausedCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Wait } from '@k0smotron-ts/runtime'
import { bootstrapReason, bootstrapSucceeded, readyReason } from '../../kinds/conditions.ts'
import type { LabMachineStatus } from '../../kinds/lab-machine.ts'
import type { Bootstrap, PresentMachine } from '../../machines/machines.ts'
import { isReady, notReady } from '../../report.ts'
import type { Observed } from './observe.ts'

export interface StatusDraft extends Omit<LabMachineStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

/** Nothing that was said is taken back: provisioned stays so (contract: InfraMachine: initialization completed), addresses and hash stay known. */
export function waitingStatus({ labMachine }: Pick<Observed, 'labMachine'>, wait: Wait): StatusDraft {
  const { conditions: _, observedGeneration: __, ...said } = labMachine.status ?? {}
  return { ...said, conditions: [notReady(wait), pausedCondition.notPaused] }
}

/** The machine is there. `sha256` is of what it was switched on with, where this pass knows it. */
export function presentStatus(
  { labMachine }: Pick<Observed, 'labMachine'>,
  { addresses, bootstrap }: PresentMachine,
  sha256: string | undefined = labMachine.status?.userDataSha256,
): StatusDraft {
  const failure = bootstrap?.kind === 'failed' ? bootstrap.message : undefined
  return {
    initialization: { provisioned: true },
    addresses,
    ...(sha256 !== undefined && { userDataSha256: sha256 }),
    conditions: [
      failure === undefined ? isReady : notReady({ reason: readyReason.bootstrapFailed, message: failure }),
      ...(bootstrap ? [bootstrapCondition(bootstrap)] : []),
      pausedCondition.notPaused,
    ],
  }
}

const bootstrapStatus = { running: 'Unknown', unknown: 'Unknown', failed: 'False', succeeded: 'True' } as const

function bootstrapCondition(bootstrap: Bootstrap): ConditionDraft {
  const { kind } = bootstrap
  const message = 'message' in bootstrap ? bootstrap.message : ''
  return { type: bootstrapSucceeded, status: bootstrapStatus[kind], reason: bootstrapReason[kind], message }
}
