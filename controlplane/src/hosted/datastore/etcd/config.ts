// The configuration files of etcd, one per member — core
import type { ConfigMap } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { metadataOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { datastoreQuota } from './claim.ts'
import { isDatastoreFormed } from './formed.ts'

export const etcdPaths = { config: '/etc/etcd', data: '/var/lib/k0s/etcd', pki: '/var/lib/k0s/pki/etcd' } as const

/** Where etcd answers the kubelet, without TLS: `/livez`, `/readyz`, `/metrics`. No data is served there. */
export const etcdHealthPort = 2381

/** The name under which clients and other members reach a member; the leaf certificates have it as a wildcard. */
export function etcdHost(observed: Pick<Observed, 'names' | 'owner'>, member?: string): string {
  const service = `${observed.names.etcd}.${observed.owner.namespace}.svc`
  return member === undefined ? service : `${member}.${service}`
}

/**
 * A file per ordinal, chosen by the pod's own name, so that no shell has to put one together. The `initial-*` keys
 * matter only while a member has no data; they are outside of what rolls the pods.
 */
export function renderEtcdConfig(observed: Observed, anyAddress: string): ConfigMap {
  const member = `${observed.names.etcd}-0`
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(observed, observed.names.etcdConfig, 'etcd'),
    data: { [`${member}.yaml`]: dump(memberConfig(observed, { member, anyAddress }), { lineWidth: -1, noRefs: true }) },
  }
}

interface Member {
  readonly member: string
  /** `0.0.0.0` or `[::]`, by the addresses of the hosting cluster. */
  readonly anyAddress: string
}

function memberConfig(observed: Observed, { member, anyAddress }: Member): object {
  const peerURL = `https://${etcdHost(observed, member)}:2380`
  const quota = datastoreQuota(observed)
  return {
    name: member,
    'data-dir': etcdPaths.data,
    'listen-client-urls': `https://${anyAddress}:2379`,
    'listen-peer-urls': `https://${anyAddress}:2380`,
    'listen-metrics-urls': `http://${anyAddress}:${etcdHealthPort}`,
    'advertise-client-urls': `https://${etcdHost(observed, member)}:2379`,
    'initial-advertise-peer-urls': peerURL,
    'initial-cluster': `${member}=${peerURL}`,
    // a formed member that finds its volume empty must not start an empty datastore under a running control plane
    'initial-cluster-state': isDatastoreFormed(observed) ? 'existing' : 'new',
    'client-transport-security': tls('server'),
    'peer-transport-security': tls('peer'),
    'tls-min-version': 'TLS1.2',
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': '5m',
    'snapshot-count': 10000,
    ...(quota !== undefined && { 'quota-backend-bytes': quota }),
  }
}

function tls(leaf: 'server' | 'peer'): object {
  return {
    'client-cert-auth': true,
    'trusted-ca-file': `${etcdPaths.pki}/ca.crt`,
    'cert-file': `${etcdPaths.pki}/${leaf}.crt`,
    'key-file': `${etcdPaths.pki}/${leaf}.key`,
  }
}
