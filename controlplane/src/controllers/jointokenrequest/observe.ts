// Reads everything that one pass decides on — shell
import {
  type JoinTokenRequest,
  joinTokenRequest,
  type K0smotronCluster,
  type KubeObject,
  k0smotronCluster,
  namesOf,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { type KubeSecret, keyOf, type Reader, type Shell, secrets, services } from '@k0smotron-ts/runtime'
import { clusterKeyOf } from './identity.ts'
import type { Observed } from './observed.ts'

/** `undefined`: the request is gone. Costs no request. */
export function observe(key: ObjectKey, { read, now }: Shell): Observed | undefined {
  const request = read.get(joinTokenRequest, key)
  if (!request) return undefined
  const token = read.get(secrets, key)
  const cluster = knowingCluster(request, read) ?? read.get(k0smotronCluster, clusterKeyOf(request))
  if (!cluster) return { now: now(), request, secrets: { ...(token && { token }) } }
  const clusterKey = keyOf(cluster)
  const names = namesOf(clusterKey.name)
  const type = cluster.status?.ports?.serviceType as keyof typeof names.service | undefined
  const service = type && read.get(services, { ...clusterKey, name: names.service[type] })
  const ca = read.get(secrets, { ...clusterKey, name: names.ca })
  const kubeconfig = ownedBy(cluster, read, { ...clusterKey, name: names.kubeconfig })
  const known = { ...(token && { token }), ...(ca && { ca }), ...(kubeconfig && { kubeconfig }) }
  return { now: now(), request, cluster, ...(service && { service }), secrets: known }
}

/** Where the token is known, whatever the request names since. */
function knowingCluster({ status }: JoinTokenRequest, read: Reader): K0smotronCluster | undefined {
  return status?.clusterUID === undefined ? undefined : read.by(k0smotronCluster, 'uid', status.clusterUID)[0]
}

/** Another's kubeconfig might lead anywhere. */
function ownedBy({ metadata }: KubeObject, read: Reader, key: ObjectKey): KubeSecret | undefined {
  const secret = read.get(secrets, key)
  const isOurs = secret?.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === metadata.uid)
  return isOurs ? secret : undefined
}
