// What the status of a K0smotronControlPlane of v1beta1 says in other words — core

import { desiredColumn, readyColumn } from '../hosted/columns.ts'
import { flag, integer } from '../schema/fields.ts'
import { ageColumn, type Column } from '../schema/kind.ts'
import type { StatusDifferences } from '../versions/differences.ts'
import { type JsonObject, valueAt } from '../versions/json.ts'

const count = (value: unknown) => (typeof value === 'number' ? value : undefined)
const counter = (description: string) => integer({ description, minimum: 0 })
const initialized = ['initialization', 'controlPlaneInitialized']

export const controlPlaneStatusDifferences: StatusDifferences = {
  fields: {
    ready: flag({ description: 'ready is true while a pod is ready.' }),
    initialized: flag({ description: 'initialized is true once the API server has answered; it is never reset.' }),
    updatedReplicas: counter('updatedReplicas is the number of pods that run what spec asks for.'),
    unavailableReplicas: counter('unavailableReplicas is the number of pods that are not available.'),
  },
  shown: stored => {
    const { replicas, availableReplicas, upToDateReplicas, readyReplicas } = stored
    const missing = difference(replicas, availableReplicas)
    return {
      ready: (count(readyReplicas) ?? 0) > 0,
      initialized: valueAt(stored, initialized) === true,
      ...(upToDateReplicas !== undefined && { updatedReplicas: upToDateReplicas }),
      ...(missing !== undefined && { unavailableReplicas: missing }),
    }
  },
  taken: ({ initialized: wasInitialized, updatedReplicas, replicas, unavailableReplicas }: JsonObject) => {
    const available = difference(replicas, unavailableReplicas)
    return {
      ...(wasInitialized === true && { initialization: { controlPlaneInitialized: true } }),
      ...(updatedReplicas !== undefined && { upToDateReplicas: updatedReplicas }),
      ...(available !== undefined && { availableReplicas: available }),
    }
  },
}

function difference(all: unknown, some: unknown): number | undefined {
  const [whole, part] = [count(all), count(some)]
  return whole === undefined || part === undefined ? undefined : Math.max(0, whole - part)
}

const integers = (name: string, jsonPath: string, description: string): Column => ({
  name,
  type: 'integer',
  jsonPath,
  description,
})

export const controlPlaneOlderColumns: readonly Column[] = [
  {
    name: 'Cluster',
    type: 'string',
    jsonPath: '.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
    description: 'The Cluster that this control plane belongs to',
  },
  {
    name: 'API Server Available',
    type: 'boolean',
    jsonPath: '.status.ready',
    description: 'Whether a pod is ready',
  },
  desiredColumn,
  integers('Replicas', '.status.replicas', 'Pods'),
  readyColumn,
  integers('Updated', '.status.updatedReplicas', 'Pods that run what spec asks for'),
  integers('Unavailable', '.status.unavailableReplicas', 'Pods that are not available'),
  ageColumn,
  { name: 'Version', type: 'string', jsonPath: '.spec.version', description: 'The wanted k0s version' },
]
