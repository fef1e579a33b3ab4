// The members of the datastore — core
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { defaultEtcdImage } from '../defaults.ts'
import { labelsOf, metadataOf, namesFor, selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { etcdClaim } from './etcd-claim.ts'
import { etcdHealthPort, etcdPaths } from './etcd-config.ts'
import { accountOf, confined, type PodSpec, placementOf } from './pod-defaults.ts'

/** The user and group of etcd: k0smotron's volumes are open to this group. */
const etcdUser = 1001

/** One member. It restarts and cold-starts on its own; nothing in the pod waits for what the operator can order. */
export function renderEtcdStatefulSet(observed: Observed): StatefulSet {
  const name = namesFor(observed).etcd
  const live = observed.statefulSets.find(({ metadata }) => metadata.name === name)?.spec
  const { autoDeletePVCs } = observed.controlPlane.spec.storage?.etcd ?? {}
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(observed, name, 'etcd'),
    spec: {
      replicas: 1,
      serviceName: name,
      podManagementPolicy: live?.podManagementPolicy ?? 'Parallel',
      revisionHistoryLimit: 3,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: autoDeletePVCs ? 'Delete' : 'Retain', whenScaled: 'Retain' },
      // a selector cannot change: one that k0smotron made stays
      selector: live?.selector ?? { matchLabels: selectorOf(observed, 'etcd') },
      template: {
        metadata: { labels: { ...live?.selector?.matchLabels, ...labelsOf(observed, 'etcd') } },
        spec: podSpec(observed, live?.template?.spec?.containers?.[0]?.image),
      },
      volumeClaimTemplates: [etcdClaim(observed)],
    },
  }
}

function podSpec(observed: Observed, liveImage: string | undefined): PodSpec {
  const { etcd } = observed.controlPlane.spec.storage ?? {}
  return {
    ...accountOf(observed),
    ...placementOf(observed, 'etcd'),
    securityContext: { runAsNonRoot: true, runAsUser: etcdUser, runAsGroup: etcdUser, fsGroup: etcdUser },
    containers: [
      {
        name: 'etcd',
        // a default is resolved once: a release with another default rolls nothing
        image: etcd?.image ?? liveImage ?? defaultEtcdImage,
        imagePullPolicy: 'IfNotPresent',
        command: ['etcd', `--config-file=${etcdPaths.config}/$(POD_NAME).yaml`],
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        ports: [
          { name: 'client', containerPort: 2379, protocol: 'TCP' },
          { name: 'peer', containerPort: 2380, protocol: 'TCP' },
          { name: 'health', containerPort: etcdHealthPort, protocol: 'TCP' },
        ],
        ...probes,
        ...(etcd?.resources && { resources: etcd.resources }),
        securityContext: { ...confined, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          { name: 'etcd-data', mountPath: etcdPaths.data },
          { name: 'certs', mountPath: etcdPaths.pki, readOnly: true },
          { name: 'config', mountPath: etcdPaths.config, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'certs', projected: { defaultMode: 0o440, sources: certificateSources(observed) } },
      { name: 'config', configMap: { name: namesFor(observed).etcdConfig } },
    ],
  }
}

const ask = (path: string) => ({ httpGet: { path, port: 'health' } })

/** Until the start-up probe has passed nobody outside reaches the member: it asks every second. */
const probes = {
  startupProbe: { ...ask('/readyz'), periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 600 },
  readinessProbe: { ...ask('/readyz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
  livenessProbe: { ...ask('/livez'), periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
} as const

/** Of the authority only the certificate: its key signs, and no member signs anything. */
function certificateSources(observed: Observed) {
  const { etcdCA, etcdServer, etcdPeer } = namesFor(observed)
  const pair = (name: string, file: string) => ({
    secret: {
      name,
      items: [
        { key: 'tls.crt', path: `${file}.crt` },
        { key: 'tls.key', path: `${file}.key` },
      ],
    },
  })
  return [
    { secret: { name: etcdCA, items: [{ key: 'tls.crt', path: 'ca.crt' }] } },
    pair(etcdServer, 'server'),
    pair(etcdPeer, 'peer'),
  ]
}
