// Fields that this release does not act on yet — core
import { kineDataSourcePlaceholder } from '@k0smotron-ts/api'
import type { HostedSpec } from './input.ts'
import type { Observed } from './observed.ts'
import { secretNameOf } from './pki/certificate-plan.ts'
import { setFields } from './set-fields.ts'

/** A field without effect. `blocks`: without it data or keys would be in the wrong place, so nothing is started. */
export interface Unsupported {
  readonly path: string
  readonly blocks: boolean
}

/** Every field of the spec that is set and has no effect, so that nobody relies on it unknowingly. */
export function unsupportedFields(observed: Observed): Unsupported[] {
  const { spec } = observed
  const blocking = [...ofDatastore(spec), ...ofHosting(spec), ...ofCertificates(observed)]
  const harmless = [
    ...ofPods(spec),
    ...observed.datastore.unsupported(observed),
    ...ofVolumes(spec),
    ...ofExposure(spec),
  ]
  return [...blocking.map(path => ({ path, blocks: true })), ...harmless.map(path => ({ path, blocks: false }))]
}

function ofDatastore({ storage }: HostedSpec): string[] {
  const { kine } = storage ?? {}
  const source = kine?.dataSourceURL && kine.dataSourceURL !== kineDataSourcePlaceholder
  return setFields('spec.storage', {
    type: storage?.type !== undefined && storage.type !== 'etcd',
    'kine.dataSourceURL': source,
    'kine.dataSourceSecretName': kine?.dataSourceSecretName,
    'nats.persistence': storage?.nats?.persistence,
  })
}

function ofHosting({ remoteHostCluster, persistence }: HostedSpec): string[] {
  return setFields('spec', {
    'remoteHostCluster.kubeconfigRef': remoteHostCluster?.kubeconfigRef,
    'persistence.type': persistence?.type !== undefined && persistence.type !== 'emptyDir',
  })
}

/** References to the Secrets that we make anyway are k0smotron's own writing. */
function ofCertificates(observed: Observed): string[] {
  const names = observed.names
  const purposes = {
    'apiserver-etcd-client': 'etcdClient',
    'etcd-peer': 'etcdPeer',
    'etcd-server': 'etcdServer',
  } as const
  return (observed.spec.certificateRefs ?? []).flatMap(({ type, name }) => {
    const purpose =
      type in purposes ? purposes[type as keyof typeof purposes] : (type as 'ca' | 'sa' | 'proxy' | 'etcd')
    return name && name !== secretNameOf(names, purpose) ? [`spec.certificateRefs[${type}].name`] : []
  })
}

function ofPods({ replicas, monitoring, manifests, mounts, patches }: HostedSpec): string[] {
  return setFields('spec', {
    replicas: replicas !== undefined && replicas !== 1,
    'monitoring.enabled': monitoring?.enabled,
    'monitoring.prometheusImage': monitoring?.prometheusImage,
    'monitoring.proxyImage': monitoring?.proxyImage,
    manifests: manifests?.length,
    mounts: mounts?.length,
    patches: patches?.length,
  })
}

function ofVolumes({ persistence }: HostedSpec): string[] {
  return setFields('spec.persistence', {
    persistentVolumeClaim: persistence?.persistentVolumeClaim,
    autoDeletePVCs: persistence?.autoDeletePVCs,
    hostPath: persistence?.hostPath,
  })
}

function ofExposure({ ingress }: HostedSpec): string[] {
  return Object.keys(ingress ?? {}).map(field => `spec.ingress.${field}`)
}
