// Names of the objects of a hosted control plane; k0smotron's, so that a cluster can change operators — core
import { createHash } from 'node:crypto'

/** At most 63 characters: longer names keep 57 and get `-` and 5 hexadecimal digits of the MD5 of the whole. */
export function shortened(name: string): string {
  if (name.length <= 63) return name
  return `${name.slice(0, 57)}-${createHash('md5').update(name).digest('hex').slice(0, 5)}`
}

/**
 * The longest cluster name whose StatefulSets still get pods: the label `controller-revision-hash` is
 * `<set>-<10 characters>` and must fit 63, and the longest set name is `kmc-<cluster>-etcd`.
 */
export const maxClusterNameLength = 63 - '-0123456789'.length - 'kmc--etcd'.length

/** Every name that is derived from a cluster's name. Secrets, and what is called like them, are never shortened: others compute them too. */
export function namesOf(cluster: string) {
  return {
    statefulSet: shortened(`kmc-${cluster}`),
    dataVolume: shortened(`kmc-${cluster}`),
    service: {
      ClusterIP: shortened(`kmc-${cluster}`),
      NodePort: shortened(`kmc-${cluster}-nodeport`),
      LoadBalancer: shortened(`kmc-${cluster}-lb`),
    },
    config: shortened(`kmc-${cluster}-config`),
    etcd: shortened(`kmc-${cluster}-etcd`),
    etcdConfig: shortened(`kmc-${cluster}-etcd-config`),
    kubeconfig: `${cluster}-kubeconfig`,
    ca: `${cluster}-ca`,
    serviceAccountKey: `${cluster}-sa`,
    frontProxyCA: `${cluster}-proxy`,
    etcdCA: `${cluster}-etcd`,
    etcdClient: `${cluster}-apiserver-etcd-client`,
    etcdServer: `${cluster}-etcd-server`,
    etcdPeer: `${cluster}-etcd-peer`,
    oidc: `${cluster}-oidc`,
  } as const
}

/** The Secrets among them: keys of the cluster. */
export function secretNamesOf(cluster: string): readonly string[] {
  const { kubeconfig, ca, serviceAccountKey, frontProxyCA, etcdCA, etcdClient, etcdServer, etcdPeer } = namesOf(cluster)
  return [kubeconfig, ca, serviceAccountKey, frontProxyCA, etcdCA, etcdClient, etcdServer, etcdPeer]
}
