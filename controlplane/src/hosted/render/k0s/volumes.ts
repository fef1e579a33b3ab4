// The volumes of the k0s pod — core
import type { K0sVersion } from '@k0smotron-ts/api'
import type { Observed } from '../../observed.ts'
import type { PodSpec } from '../pod-defaults.ts'
import type { K0sConfigInput } from './cluster-config.ts'
import { configKey, type K0sConfig } from './config.ts'
import { stackFiles } from './stacks.ts'

type Volumes = NonNullable<PodSpec['volumes']>

export function k0sVolumes(observed: Observed, { version }: K0sConfigInput, config: K0sConfig): Volumes {
  const names = observed.names
  return [
    { name: 'config', configMap: { name: names.config, items: configItems(config) } },
    {
      name: 'accounts',
      configMap: { name: names.config, items: ['passwd', 'group'].map(key => ({ key, path: key })) },
    },
    {
      name: 'initial',
      projected: {
        defaultMode: 0o400,
        sources: [...authoritySources(observed), ...placeholderSource(observed, version)],
      },
    },
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

/** What k0s finds in its pki directory; it issues everything else itself. */
function authoritySources(observed: Observed) {
  const { ca, serviceAccountKey, frontProxyCA } = observed.names
  return [
    source(ca, { 'tls.crt': 'pki/ca.crt', 'tls.key': 'pki/ca.key' }),
    source(serviceAccountKey, { 'tls.crt': 'pki/sa.pub', 'tls.key': 'pki/sa.key' }),
    source(frontProxyCA, { 'tls.crt': 'pki/front-proxy-ca.crt', 'tls.key': 'pki/front-proxy-ca.key' }),
  ]
}

/** One file under many names. Without capabilities root cannot write to a file of its own that is read-only. */
function placeholderSource(observed: Observed, version: K0sVersion) {
  const items = stackFiles(observed, version).map(file => ({
    key: 'placeholder',
    path: `manifests/${file}`,
    mode: 0o644,
  }))
  return items.length === 0 ? [] : [{ configMap: { name: observed.names.config, items } }]
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
