// The controller of LabMachine — shell
import type { Controller } from '@k0smotron-ts/runtime'
import { labMachine } from '../../kinds/lab-machine.ts'
import type { Machines } from '../../machines/machines.ts'
import { ownerOf } from '../../machines/provider-id.ts'
import { reconcile } from './reconciler.ts'
import { wakesOf } from './wakes.ts'

export function createLabMachineController(within: { readonly namespace?: string }, machines: Machines): Controller {
  return {
    name: 'labmachine',
    primary: labMachine,
    wakes: wakesOf(within),
    listen: (wake, signal) =>
      machines.follow(providerID => {
        const { kind, key } = ownerOf(providerID)
        if (kind === 'machine') wake(key)
      }, signal),
    reconcile: (key, shell) => reconcile(key, shell, machines),
  }
}
