// etcd as a StatefulSet beside k0s — core
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { isHibernating } from '../../facts/hibernation.ts'
import type { Known, Observed } from '../../observed.ts'
import { secretSource } from '../../render/k0s/volumes.ts'
import { setFields } from '../../set-fields.ts'
import type { Datastore } from '../datastore.ts'
import { etcdArgs } from './args.ts'
import { changedVolume, memberVolumes } from './claim.ts'
import { etcdHost } from './config.ts'
import { isDatastoreFormed, isDatastoreReady } from './formed.ts'
import { leafContent } from './leaves.ts'
import { hasSeveral, hasSurplus } from './members/seen.ts'
import { isDatastoreWhole, mayWake } from './members/standing.ts'
import { letsManagerIn } from './network-policy.ts'
import { renderEtcd } from './outcome.ts'
import { corruption, outOfSpace } from './upkeep/full.ts'
import { mayStart, unusedVolume } from './volume.ts'

/** In the k0s pod. A directory mount without subPath: a renewed leaf arrives in the running pod. */
const clientPath = '/run/k0smotron/etcd'

export const etcd: Datastore = {
  type: 'etcd',
  authority: 'etcd',
  leaves: ['etcdClient', 'etcdServer', 'etcdPeer'],
  clientPurposes: ['etcd', 'etcdClient'],
  // as many as the schema lets through: they are clients, and need no member each
  maxReplicas: 99,
  pods: { component: 'etcd', members: 'etcd members' },
  objectNames: names => ({ set: names.etcd, service: names.etcd, config: names.etcdConfig }),
  leafContent,
  storage,
  needs: 'a volume of the datastore that may be used',
  isSecret: false,
  volumes: observed => [{ name: 'etcd', projected: { defaultMode: 0o400, sources: clientSources(observed) } }],
  mounts: [{ name: 'etcd', mountPath: clientPath, readOnly: true }],
  outcome: renderEtcd,
  isReady: isDatastoreReady,
  isWhole: observed => isDatastoreWhole(observed) && !corruption(observed) && !outOfSpace(observed),
  mayWake,
  hibernationRefusal,
  memberVolumes,
  hasSeveralMembers: observed => !isHibernating(observed) && hasSeveral(observed),
  hasMembersToAsk: observed =>
    observed.datastoreSet !== undefined && !isHibernating(observed) && letsManagerIn(observed),
  hasSurplus,
  isFormed: isDatastoreFormed,
  unusedVolume,
  mayStart,
  unsupported,
}

/** Ours has always had a template; what somebody put in its place may keep data in its pods. */
function hibernationRefusal(set: StatefulSet | undefined): string | undefined {
  if (!set) return undefined
  const { volumeClaimTemplates = [], persistentVolumeClaimRetentionPolicy: kept } = set.spec ?? {}
  const name = `StatefulSet ${set.metadata.name}`
  if (volumeClaimTemplates.length === 0) return `${name} has no volume claims: its data would end with its pods`
  if (kept?.whenScaled !== 'Delete') return undefined
  return `${name} has persistentVolumeClaimRetentionPolicy.whenScaled Delete, so its volumes would end with its pods; set it to Retain`
}

/** Of the authority only the certificate: k0s is a client. */
function clientSources({ names }: Observed) {
  return [
    secretSource(names.etcdCA, { 'tls.crt': 'ca.crt' }),
    secretSource(names.etcdClient, { 'tls.crt': 'client.crt', 'tls.key': 'client.key' }),
  ]
}

function storage(observed: Known): object {
  return {
    type: 'etcd',
    etcd: {
      externalCluster: {
        endpoints: [`https://${etcdHost(observed)}:2379`],
        etcdPrefix: observed.clusterName,
        caFile: `${clientPath}/ca.crt`,
        clientCertFile: `${clientPath}/client.crt`,
        clientKeyFile: `${clientPath}/client.key`,
      },
    },
  }
}

function unsupported(observed: Known): readonly string[] {
  const { defragJob } = observed.spec.storage?.etcd ?? {}
  const changed = changedVolume(observed)
  const fields = setFields('spec.storage.etcd', {
    'defragJob.enabled': defragJob?.enabled,
    'defragJob.schedule': defragJob?.schedule,
    'defragJob.rule': defragJob?.rule,
    'defragJob.image': defragJob?.image,
    ...(changed && { [`persistence.${changed}`]: true }),
  })
  return [...etcdArgs(observed).refused, ...fields]
}
