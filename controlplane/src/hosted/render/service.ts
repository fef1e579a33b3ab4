// The Service of the API server and of konnectivity — core
import type { Service } from '@k0smotron-ts/runtime'
import { defaultPorts } from '../defaults.ts'
import { type PortName, serviceTypeOf, wantedPort } from '../exposure.ts'
import { metadataOf, namesFor, selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** Ports lead to named container ports, so that one apply suffices while a NodePort is still being allocated. */
export function renderService(observed: Observed): Service {
  const type = serviceTypeOf(observed)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(observed, namesFor(observed).service[type], 'control-plane'),
    spec: {
      type,
      // in a hosting cluster with two families clients of either get through; with one it changes nothing
      ipFamilyPolicy: 'PreferDualStack',
      selector: selectorOf(observed, 'cluster'),
      ports: [portOf(observed, 'api'), portOf(observed, 'konnectivity')],
    },
  }
}

function portOf(observed: Observed, name: PortName) {
  const wanted = wantedPort(observed, name)
  const isNodePort = serviceTypeOf(observed) === 'NodePort' && wanted !== undefined
  return {
    name,
    protocol: 'TCP' as const,
    port: wanted ?? defaultPorts[name],
    targetPort: name,
    ...(isNodePort && { nodePort: wanted }),
  }
}
