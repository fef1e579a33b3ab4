// The names under which the hosted API server may be reached — core
import type { Endpoint } from '../exposure.ts'
import { liveServiceOf } from '../exposure.ts'
import type { Observed } from '../observed.ts'
import { userConfigOf } from './user-config.ts'

/** Names and addresses of our Service, the published endpoint, the user's own. Never a list of nodes: that changes. */
export function subjectAltNames(observed: Observed, endpoint: Endpoint): readonly string[] {
  const { metadata, spec } = liveServiceOf(observed) ?? {}
  const name = metadata?.name
  const inNamespace = `${name}.${metadata?.namespace}`
  const ours = name === undefined ? [] : [name, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`]
  const addresses = (spec?.clusterIPs ?? []).filter(address => address !== 'None')
  const theirs = userConfigOf(observed).spec?.api?.sans ?? []
  return [...new Set([endpoint.host, ...ours, ...addresses, ...theirs])].sort()
}
