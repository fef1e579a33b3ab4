// The volumes of the k0s pod — core
import type { Observed } from '../../observed.ts'
import type { PodSpec } from '../pod-defaults.ts'
import { configKey, type K0sConfig } from './config.ts'

type Volumes = NonNullable<PodSpec['volumes']>

/** What k0s finds in its pki directory; it issues everything else itself. */
export const authorityFiles = [
  'ca.crt',
  'ca.key',
  'sa.pub',
  'sa.key',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
] as const

export function k0sVolumes(observed: Observed, config: K0sConfig): Volumes {
  const names = observed.names
  return [
    { name: 'config', configMap: { name: names.config, items: configItems(config) } },
    {
      name: 'accounts',
      configMap: { name: names.config, items: ['passwd', 'group'].map(key => ({ key, path: key })) },
    },
    { name: 'authorities', projected: { defaultMode: 0o400, sources: authoritySources(observed) } },
    { name: 'etcd', projected: { defaultMode: 0o400, sources: etcdSources(observed) } },
    { name: names.dataVolume, emptyDir: {} },
    { name: 'pki', emptyDir: {} },
    { name: 'run', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
  ]
}

/** The template names the keys of its own configuration, so a pod of this revision always finds the same files. */
function configItems({ hash, files }: K0sConfig) {
  return Object.keys(files).map(file => ({ key: configKey(hash, file), path: file }))
}

function authoritySources(observed: Observed) {
  const { ca, serviceAccountKey, frontProxyCA } = observed.names
  return [
    source(ca, { 'tls.crt': 'ca.crt', 'tls.key': 'ca.key' }),
    source(serviceAccountKey, { 'tls.crt': 'sa.pub', 'tls.key': 'sa.key' }),
    source(frontProxyCA, { 'tls.crt': 'front-proxy-ca.crt', 'tls.key': 'front-proxy-ca.key' }),
  ]
}

/** Of etcd's authority only the certificate: k0s is a client. */
function etcdSources(observed: Observed) {
  const { etcdCA, etcdClient } = observed.names
  return [
    source(etcdCA, { 'tls.crt': 'ca.crt' }),
    source(etcdClient, { 'tls.crt': 'client.crt', 'tls.key': 'client.key' }),
  ]
}

function source(name: string, files: Readonly<Record<string, string>>) {
  return { secret: { name, items: Object.entries(files).map(([key, path]) => ({ key, path })) } }
}
