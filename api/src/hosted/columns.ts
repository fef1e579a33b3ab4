// Columns of kubectl get that every live kind of control plane has — core
import type { Column } from '../schema/kind.ts'

export const desiredColumn: Column = {
  name: 'Desired',
  type: 'integer',
  jsonPath: '.spec.replicas',
  description: 'The wanted number of pods',
  priority: 10,
}

export const readyColumn: Column = {
  name: 'Ready',
  type: 'integer',
  jsonPath: '.status.readyReplicas',
  description: 'Ready pods',
}

/** Whether it is there, and if not, why. */
export const availableColumns: readonly Column[] = [
  {
    name: 'Available',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Available")].status',
    description: 'Whether the API server answers',
  },
  {
    name: 'Waiting for',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Available")].message',
    description: 'The first thing that is waited for',
  },
]
