// The volumes of the k0s pod — core
import type { K0sVersion } from '@k0smotron-ts/api'
import type { Observed } from '../../observed.ts'
import type { PodSpec } from '../pod-defaults.ts'
import type { K0sConfigInput } from './cluster-config.ts'
import { configKey, type K0sConfig } from './config.ts'
import { stackFiles } from './stacks.ts'

type Volumes = NonNullable<PodSpec['volumes']>
type SecretSource = Pick<NonNullable<NonNullable<Volumes[number]['projected']>['sources']>[number], 'secret'>

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
    ...observed.datastore.volumes(observed),
    // k0s unpacks 308 MB of programs into it
    { name: names.dataVolume, emptyDir: { sizeLimit: '2Gi' } },
    // private keys never reach a disk of the node
    { name: 'pki', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
    { name: 'run', emptyDir: { sizeLimit: '64Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
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
    secretSource(ca, { 'tls.crt': 'pki/ca.crt', 'tls.key': 'pki/ca.key' }),
    secretSource(serviceAccountKey, { 'tls.crt': 'pki/sa.pub', 'tls.key': 'pki/sa.key' }),
    secretSource(frontProxyCA, { 'tls.crt': 'pki/front-proxy-ca.crt', 'tls.key': 'pki/front-proxy-ca.key' }),
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

/** A Secret's keys as files of these names. */
export function secretSource(name: string, files: Readonly<Record<string, string>>): SecretSource {
  return { secret: { name, items: Object.entries(files).map(([key, path]) => ({ key, path })) } }
}
