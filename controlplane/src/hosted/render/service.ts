// The Service of the API server and of konnectivity — core
import { isIP } from 'node:net'
import type { ObjectMeta } from '@k0smotron-ts/api'
import type { Service } from '@k0smotron-ts/runtime'
import { defaultPorts } from '../facts/defaults.ts'
import { type Exposure, isPublishedByUs, type PortName } from '../facts/exposure.ts'
import { metadataOf, selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

type ServiceSpec = NonNullable<Service['spec']>

/** Ports lead to named container ports, so that one apply suffices while a NodePort is still being allocated. */
export function renderService(observed: Observed): Service {
  const exposure = observed.exposure
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: serviceMetadata(observed),
    spec: {
      type: exposure.type,
      // in a hosting cluster with two families clients of either get through; with one it changes nothing
      ipFamilyPolicy: 'PreferDualStack',
      ...earlierAddress(observed, exposure),
      ...balancing(observed),
      selector: selectorOf(observed, 'cluster'),
      ports: [portOf(exposure, 'api'), portOf(exposure, 'konnectivity')],
    },
  }
}

/** What selects and finds the Service is ours, whatever else is on it. */
function serviceMetadata(observed: Observed): ObjectMeta {
  const { labels, annotations } = observed.serviceAdditions ?? {}
  const metadata = metadataOf(observed, observed.names.service[observed.exposure.type], 'control-plane')
  return { ...metadata, labels: { ...labels, ...metadata.labels }, ...(annotations && { annotations }) }
}

/** The API server refuses both for types to which they mean nothing. */
function balancing({ exposure: { type }, serviceAdditions = { invalid: [] } }: Observed): Partial<ServiceSpec> {
  const { externalTrafficPolicy, loadBalancerClass } = serviceAdditions
  return {
    ...(type !== 'ClusterIP' && externalTrafficPolicy && { externalTrafficPolicy }),
    ...(type === 'LoadBalancer' && loadBalancerClass && { loadBalancerClass }),
  }
}

/** One that was deleted asks for the address that it had: workers have it on their disks. */
function earlierAddress(observed: Observed, { type, service, committed }: Exposure): { readonly clusterIP?: string } {
  const isLost = type === 'ClusterIP' && !service && committed !== undefined && isPublishedByUs(observed, committed)
  return isLost && isIP(committed.host) !== 0 ? { clusterIP: committed.host } : {}
}

function portOf({ type, requested }: Exposure, name: PortName) {
  const { [name]: port } = requested
  return {
    name,
    protocol: 'TCP' as const,
    port: port ?? defaultPorts[name],
    targetPort: name,
    ...(type === 'NodePort' && port !== undefined && { nodePort: port }),
  }
}
