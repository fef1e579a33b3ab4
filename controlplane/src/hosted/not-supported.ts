// Fields that this release does not act on yet — core
import { hibernateAnnotation, kineDataSourcePlaceholder } from '@k0smotron-ts/api'
import { awakeReplicas, type Wanting } from './facts/members.ts'
import type { HostedSpec } from './input.ts'
import type { Known } from './observed.ts'
import { setFields } from './set-fields.ts'
import { overriddenFields, unusedBlocks } from './without-effect.ts'

/** A field without effect. `blocks`: the control plane could not do what was asked, or with data elsewhere, so nothing is started. */
export interface Unsupported {
  readonly path: string
  readonly blocks: boolean
}

/** Every field that is set and has no effect, so that nobody relies on it unknowingly. */
export function unsupportedFields(observed: Known): Unsupported[] {
  const inSpec = unsupportedInSpec(observed)
  const harmless = [
    ...observed.datastore.unsupported(observed),
    ...overriddenFields(observed),
    ...unusedBlocks(observed),
    ...ofAnnotations(observed),
  ]
  const all = [...inSpec, ...unsupported(ofCertificates(observed), true), ...unsupported(harmless, false)]
  return [...all.filter(({ blocks }) => blocks), ...all.filter(({ blocks }) => !blocks)]
}

/** Those of which the spec tells that nothing acts on them; alone, or with what was said of it before. */
export function unsupportedInSpec(asked: Wanting): Unsupported[] {
  const { spec } = asked
  const mounts = ofMounts(spec)
  const blocking = [...ofDatastore(spec), ...ofHosting(spec), ...ofExposure(spec), ...mounts.needed]
  const harmless = [...ofPods(asked), ...mounts.others, ...ofVolumes(spec)]
  return [...unsupported(blocking, true), ...unsupported(harmless, false)]
}

function unsupported(paths: readonly string[], blocks: boolean): Unsupported[] {
  return paths.map(path => ({ path, blocks }))
}

function ofDatastore({ storage }: HostedSpec): string[] {
  const { kine, type } = storage ?? {}
  const source = kine?.dataSourceURL && kine.dataSourceURL !== kineDataSourcePlaceholder
  return setFields('spec.storage', {
    type: type === 'nats',
    // beside etcd: somebody means a database, and forgot to say so
    'kine.dataSourceURL': type !== 'kine' && source,
    'kine.dataSourceSecretName': type !== 'kine' && kine?.dataSourceSecretName,
    'nats.persistence': storage?.nats?.persistence,
  })
}

function ofHosting({ remoteHostCluster, persistence }: HostedSpec): string[] {
  return setFields('spec', {
    'remoteHostCluster.kubeconfigRef': remoteHostCluster?.kubeconfigRef,
    'persistence.type': persistence?.type && persistence.type !== 'emptyDir',
  })
}

/** References to the Secrets that we make anyway are k0smotron's own writing. */
function ofCertificates({ names, spec }: Known): string[] {
  const ours = {
    ca: names.ca,
    sa: names.serviceAccountKey,
    proxy: names.frontProxyCA,
    etcd: names.etcdCA,
    'apiserver-etcd-client': names.etcdClient,
    'etcd-peer': names.etcdPeer,
    'etcd-server': names.etcdServer,
  }
  return (spec.certificateRefs ?? []).flatMap(({ type, name }) =>
    name && name !== ours[type] ? [`spec.certificateRefs[${type}].name`] : [],
  )
}

function ofPods(asked: Wanting): string[] {
  const { replicas, monitoring, manifests, patches } = asked.spec
  return setFields('spec', {
    [hibernationRefused(asked) ?? 'replicas']: replicas !== undefined && replicas !== awakeReplicas(asked),
    'monitoring.enabled': monitoring?.enabled,
    'monitoring.prometheusImage': monitoring?.prometheusImage,
    'monitoring.proxyImage': monitoring?.proxyImage,
    manifests: manifests?.length,
    patches: patches?.length,
  })
}

/** With why: who reads that it has no effect has to know that data are at stake. */
function hibernationRefused({ hibernation, spec }: Wanting): string | undefined {
  return hibernation?.refusal === undefined || spec.replicas !== 0 ? undefined : `replicas (0: ${hibernation.refusal})`
}

function ofVolumes({ persistence }: HostedSpec): string[] {
  return setFields('spec.persistence', {
    persistentVolumeClaim: persistence?.persistentVolumeClaim,
    autoDeletePVCs: persistence?.autoDeletePVCs,
    hostPath: persistence?.hostPath,
  })
}

/** Needed are those that an argument or the k0s configuration points into: k0s would not find its files. */
function ofMounts({ mounts = [], k0sConfig, controlPlaneFlags }: HostedSpec) {
  const text = mounts.length === 0 ? '' : JSON.stringify([k0sConfig, controlPlaneFlags])
  const isNeeded = mounts.map(({ path }) => mentions(text, path.replace(/\/+$/, '')))
  return {
    needed: isNeeded.flatMap((needed, index) => (needed ? [`spec.mounts[${index}]`] : [])),
    others: isNeeded.includes(false) ? ['spec.mounts'] : [],
  }
}

const inPaths = /[A-Za-z0-9._-]/

/** Whether the text has the path, or one below it. */
function mentions(text: string, path: string): boolean {
  for (let at = text.indexOf(path); path !== '' && at >= 0; at = text.indexOf(path, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + path.length]]
    if (!inPaths.test(before) && !inPaths.test(after)) return true
  }
  return false
}

/** Annotations that stand for fields of v1beta1, and hold no value of theirs; and a schedule that cannot be kept. */
function ofAnnotations({ datastore, datastoreSet, scheduled, serviceAdditions }: Known): readonly string[] {
  const ofService = (serviceAdditions?.invalid ?? []).map(name => `metadata.annotations[${name}]`)
  // by day as well: who writes a schedule is not there when it begins
  const refusal = scheduled && !scheduled.faults ? datastore.hibernationRefusal?.(datastoreSet) : undefined
  const refused = refusal === undefined ? [] : [`metadata.annotations[${hibernateAnnotation}] (${refusal})`]
  return [...ofService, ...refused, ...(scheduled?.faults ?? [])]
}

/** Without it workers would have to reach the Service itself, which the spec does not ask for. */
function ofExposure({ ingress }: HostedSpec): string[] {
  return Object.keys(ingress ?? {}).map(field => `spec.ingress.${field}`)
}
