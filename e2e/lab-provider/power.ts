// Switches machines on and off, and says so — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { Shell, Wait } from '@k0smotron-ts/runtime'
import { readyReason } from './kinds/conditions.ts'
import type { MachineOrder, Machines } from './machines/machines.ts'

export interface PowerOn {
  readonly object: KubeObject
  readonly order: MachineOrder
  readonly report: (wait: Wait) => Promise<void>
}

/** A failure is told before it is thrown for the queue to back off. */
export async function powerOn(machines: Machines, shell: Shell, { object, order, report }: PowerOn): Promise<void> {
  await report({ reason: readyReason.poweringOn, message: `switching on ${order.hostname}` })
  try {
    await machines.powerOn(order)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    await report({ reason: readyReason.powerOnFailed, message })
    throw error
  }
  shell.event(object, { type: 'Normal', reason: 'PoweredOn', message: `${order.hostname} is switched on` })
}
