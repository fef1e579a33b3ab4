// What our own object remembers of its control plane — core
import { controlPlaneCondition, type HostedStatus, knownEndpoint, type ObjectMeta } from '@k0smotron-ts/api'
import { formedMemory } from './datastore/formed-mark.ts'
import type { Memory } from './input.ts'
import { reportedDraft, wasUnsupported } from './report/conditions.ts'

interface Remembering {
  readonly metadata: ObjectMeta
  readonly status?: HostedStatus & { readonly version?: string }
}

/** `initialized`: each kind says it in its own way. */
export function memoryOf(object: Remembering, initialized: boolean): Memory {
  const { metadata, status } = object
  const publishedEndpoint = knownEndpoint(status?.publishedEndpoint)
  const available = reportedDraft(status, controlPlaneCondition.available)
  const endpointAvailable = reportedDraft(status, controlPlaneCondition.endpointAvailable)
  return {
    initialized,
    ...formedMemory(metadata),
    ...(wasUnsupported(object, 'spec.replicas') && { replicasUnused: true }),
    ...(wasUnsupported(object, 'spec.storage.etcd.args') && { etcdArgsUnused: true }),
    ...(status?.version !== undefined && { version: status.version }),
    ...(status?.ports && { ports: status.ports }),
    ...(publishedEndpoint && { publishedEndpoint }),
    ...(status?.etcd && { etcd: status.etcd }),
    ...(available && { available }),
    ...(endpointAvailable && { endpointAvailable }),
  }
}
