// The names under which the hosted API server may be reached — core
import { faultOfHost } from '@k0smotron-ts/api'
import type { Endpoint } from '../../input.ts'
import type { Observed } from '../../observed.ts'

/**
 * Names and addresses of our Service, the published endpoint and the Cluster's, the user's own. Never a list of nodes:
 * that changes.
 */
export function subjectAltNames(observed: Observed, endpoint: Endpoint): readonly string[] {
  const { metadata, spec } = observed.exposure.service ?? {}
  const name = metadata?.name
  const inNamespace = `${name}.${metadata?.namespace}`
  const ours = name === undefined ? [] : [name, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`]
  const addresses = (spec?.clusterIPs ?? []).filter(address => address !== 'None')
  const hosts = [endpoint, observed.endpoints.cluster].flatMap(one => one?.host ?? [])
  const known = hosts.filter(host => faultOfHost(host) === undefined)
  const theirs = observed.userConfig.spec?.api?.sans ?? []
  return [...new Set([...known, ...ours, ...addresses, ...theirs])].toSorted()
}
