// Hosts of an endpoint that not every client would read alike — core
import { faultOfHost } from '@k0smotron-ts/api'
import type { Live, Observed } from '../observed.ts'
import { balancedAddresses } from './exposure.ts'

/** Each such host with where it is written and what to write; one that is not used now is named too. */
export function invalidHosts(observed: Observed): readonly string[] {
  return [...written(observed), ...balanced(observed)].flatMap(({ field, host }) => {
    const fault = faultOfHost(host)
    return fault === undefined ? [] : `${field} is ${quoted(host)}: ${fault}`
  })
}

interface Written {
  readonly field: string
  readonly host: string
}

const address = 'spec.externalAddress'

function written({ spec, endpoints }: Live): readonly Written[] {
  const { cluster = 'Cluster', infrastructure = 'infrastructure object' } = endpoints.objects ?? {}
  const fields = [
    ...(endpoints.field === address ? [] : [{ field: `${endpoints.field}.host`, host: endpoints.spec?.host }]),
    { field: address, host: spec.externalAddress },
    { field: `${cluster}: spec.controlPlaneEndpoint.host`, host: endpoints.cluster?.host },
    { field: `${infrastructure}: spec.controlPlaneEndpoint.host`, host: endpoints.infrastructure?.host },
  ]
  return fields.flatMap(({ field, host }) => (host ? [{ field, host }] : []))
}

/** Only while nothing else is to be had: a controller may give several, and any of them will do. */
function balanced({ exposure, spec }: Observed): readonly Written[] {
  const { type, service, addresses } = exposure
  if (type !== 'LoadBalancer' || !service || spec.externalAddress || addresses.length > 0) return []
  const field = `Service ${service.metadata.name}: status.loadBalancer.ingress`
  return balancedAddresses(service).map(host => ({ field, host }))
}

/** What others wrote may have any length. */
function quoted(host: string): string {
  return JSON.stringify(host.length > 80 ? `${host.slice(0, 80)}…` : host)
}
