// What a worker of v1beta1 says in other words — core
import { flag } from '../schema/fields.ts'
import type { SpecDifferences, StatusDifferences } from '../versions/differences.ts'
import { valueAt } from '../versions/json.ts'

export const workerDifferences: SpecDifferences = {
  moved: {
    ignition: 'provisioner.ignition',
    customUserDataRef: 'provisioner.customUserDataRef',
    preStartCommands: 'preK0sCommands',
    postStartCommands: 'postK0sCommands',
  },
  absent: [],
  implied: { path: 'provisioner.type', value: 'ignition', by: ['ignition'] },
  rules: [],
}

export const workerStatusDifferences: StatusDifferences = {
  fields: { ready: flag({ description: 'ready is true once the Secret with the bootstrap data exists.' }) },
  shown: stored => ({ ready: valueAt(stored, ['initialization', 'dataSecretCreated']) === true }),
  taken: ({ ready }) => (ready === true ? { initialization: { dataSecretCreated: true } } : {}),
}
