// The configuration files of etcd, one per member — core
import type { ConfigMap } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { metadataOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { etcdArgs } from './args.ts'
import { datastoreQuota } from './claim.ts'
import { isDatastoreFormed } from './formed.ts'
import { memberKeys, type Place } from './members/files.ts'
import { claimsSeen, hasSeveral, isNumbered, liveEtcdConfig, membersSeen } from './members/seen.ts'
import { isGiven, type MemberFile, memberFiles } from './members/snapshot.ts'
import { etcdPaths } from './paths.ts'

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
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(observed, observed.names.etcdConfig, 'etcd'),
    data: isNumbered(observed) ? filesOfAll(observed, anyAddress) : fileOfOne(observed, anyAddress),
  }
}

function fileOfOne(observed: Observed, anyAddress: string): Readonly<Record<string, string>> {
  return fileOf(observed, { ordinal: 0, anyAddress })
}

/**
 * Who the members are decides who may join. While they do not say it, the files stay as they are: a member that is about to
 * join would find one that refuses it.
 */
function filesOfAll(observed: Observed, anyAddress: string): Readonly<Record<string, string>> {
  const [live, seen] = [liveEtcdConfig(observed)?.data, membersSeen(observed)]
  if (live && !seen?.members && hasSeveral(observed)) return live
  const files = memberFiles(seen ?? { claims: claimsSeen(observed) })
  return Object.assign({}, ...[...files].map(([ordinal, file]) => fileOf(observed, { ordinal, file, anyAddress })))
}

interface Member {
  readonly ordinal: number
  /** `0.0.0.0` or `[::]`, by the addresses of the hosting cluster. */
  readonly anyAddress: string
  /** Absent while there is one member only, and never was another. */
  readonly file?: MemberFile
}

function fileOf(observed: Observed, member: Member): Readonly<Record<string, string>> {
  const text = dump(memberConfig(observed, member), { lineWidth: -1, noRefs: true })
  return { [`${placeOf(observed, member.ordinal).name}.yaml`]: text }
}

/** How etcd's list has it, too. */
export function placeOf(observed: Pick<Observed, 'names' | 'owner'>, ordinal: number): Place {
  const name = `${observed.names.etcd}-${ordinal}`
  return { name, peerURL: `https://${etcdHost(observed, name)}:2380` }
}

function memberConfig(observed: Observed, { ordinal, file, anyAddress }: Member): object {
  const { name: member, peerURL } = placeOf(observed, ordinal)
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
    'initial-cluster-state': isFirst(observed, ordinal) ? 'new' : 'existing',
    'client-transport-security': tls('server'),
    'peer-transport-security': tls('peer'),
    'tls-min-version': 'TLS1.2',
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': '5m',
    'snapshot-count': 10000,
    ...(quota !== undefined && { 'quota-backend-bytes': quota }),
    ...etcdArgs(observed).keys,
    ...(file && memberKeys(file, one => placeOf(observed, one))),
  }
}

function isFirst(observed: Observed, ordinal: number): boolean {
  const hasMember = [...claimsSeen(observed).values()].some(isGiven)
  return ordinal === 0 && !isDatastoreFormed(observed) && !hasMember
}

function tls(leaf: 'server' | 'peer'): object {
  return {
    'client-cert-auth': true,
    'trusted-ca-file': `${etcdPaths.pki}/ca.crt`,
    'cert-file': `${etcdPaths.pki}/${leaf}.crt`,
    'key-file': `${etcdPaths.pki}/${leaf}.key`,
  }
}
