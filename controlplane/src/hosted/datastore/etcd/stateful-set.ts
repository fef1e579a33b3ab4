// The members of the datastore — core
import { createHash } from 'node:crypto'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { defaultEtcdImage, resolveImage } from '../../facts/defaults.ts'
import { areK0sPodsGone, isHibernating } from '../../facts/hibernation.ts'
import { labelsOf, metadataOf, selectorOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { authorityMark } from '../../pki/made-with.ts'
import { accountOf, confined, container, type PodSpec, placementOf, resourcesOf } from '../../render/pod-defaults.ts'
import { argsMark, etcdArgs } from './args.ts'
import { etcdClaim } from './claim.ts'
import { etcdHealthPort } from './config.ts'
import { isNumbered, isReplacedByUs, podsOfMembers } from './members/seen.ts'
import { etcdPaths } from './paths.ts'

/** The user and group of etcd: k0smotron's volumes are open to this group. */
const etcdUser = 1001

/** A member with the objects of a new cluster: 56 MiB. */
const idle = { requests: { cpu: '20m', memory: '64Mi' } }

/** etcd reads the certificate of its authority at start only: a new one, with the same key, replaces the pod. */
const authorityAnnotation = 'k0smotron.io/authority-certificate'

/** A member restarts and cold-starts on its own; nothing in the pod waits for what the operator can order. */
export function renderEtcdStatefulSet(observed: Observed): StatefulSet {
  const name = observed.names.etcd
  const { autoDeletePVCs, image } = observed.spec.storage?.etcd ?? {}
  const { repository, annotations } = resolveImage(image, defaultEtcdImage, observed.datastoreSet)
  const marks = { annotations: { ...annotations, ...authorityMark(observed.certificates.etcd?.fingerprint) } }
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadataOf(observed, name, 'etcd'), ...marks },
    spec: {
      replicas: replicasWanted(observed),
      serviceName: name,
      podManagementPolicy: 'Parallel',
      ...(isReplacedByUs(observed) && { updateStrategy: { type: 'OnDelete' } }),
      revisionHistoryLimit: 3,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: autoDeletePVCs ? 'Delete' : 'Retain', whenScaled: 'Retain' },
      selector: { matchLabels: selectorOf(observed, 'etcd') },
      template: {
        metadata: {
          labels: labelsOf(observed, 'etcd'),
          annotations: { [authorityAnnotation]: authorityHash(observed), ...argsMark(etcdArgs(observed).keys) },
        },
        spec: podSpec(observed, repository),
      },
      volumeClaimTemplates: [etcdClaim(observed)],
    },
  }
}

function replicasWanted(observed: Observed): number {
  if (areStopped(observed)) return 0
  // among several each is added, and taken away, by a step of its own
  return isNumbered(observed) ? podsOfMembers(observed) : 1
}

/** Only after k0s, which takes long to end without them. */
export function areStopped(observed: Observed): boolean {
  return isHibernating(observed) && (observed.datastoreSet?.spec?.replicas === 0 || areK0sPodsGone(observed))
}

/** A certificate is public: only its change matters. */
function authorityHash({ secrets }: Observed): string {
  const certificate = secrets.etcd?.data?.['tls.crt'] ?? ''
  return createHash('sha256').update(certificate).digest('hex').slice(0, 16)
}

function podSpec(observed: Observed, image: string): PodSpec {
  const { etcd } = observed.spec.storage ?? {}
  return {
    ...accountOf(observed),
    ...placementOf(observed, 'etcd'),
    securityContext: { runAsNonRoot: true, runAsUser: etcdUser, runAsGroup: etcdUser, fsGroup: etcdUser },
    containers: [
      {
        name: 'etcd',
        image,
        ...container,
        command: ['etcd', `--config-file=${etcdPaths.config}/$(POD_NAME).yaml`],
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        ports: [
          { name: 'client', containerPort: 2379, protocol: 'TCP' },
          { name: 'peer', containerPort: 2380, protocol: 'TCP' },
          { name: 'health', containerPort: etcdHealthPort, protocol: 'TCP' },
        ],
        ...probes,
        ...resourcesOf(etcd?.resources, idle),
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
      { name: 'config', configMap: { name: observed.names.etcdConfig } },
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
  const { etcdCA, etcdServer, etcdPeer } = observed.names
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
