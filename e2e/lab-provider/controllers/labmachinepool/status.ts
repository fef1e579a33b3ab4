// The status of a LabMachinePool — core
import { pausedCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Wait } from '@k0smotron-ts/runtime'
import type { LabMachinePool, LabMachinePoolStatus } from '../../kinds/lab-machine-pool.ts'
import { isReady, notReady } from '../../report.ts'

export interface StatusDraft extends Omit<LabMachinePoolStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

/** Nothing that was said is taken back. */
export function waitingStatus({ status }: LabMachinePool, wait: Wait): StatusDraft {
  const { conditions: _, observedGeneration: __, ...said } = status ?? {}
  return { ...said, conditions: [notReady(wait), pausedCondition.notPaused] }
}

export function presentStatus(replicas: number): StatusDraft {
  return {
    ready: true,
    initialization: { provisioned: true },
    replicas,
    conditions: [isReady, pausedCondition.notPaused],
  }
}
