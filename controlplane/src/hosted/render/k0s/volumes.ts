// The volumes of the k0s pod — core
import type { Observed } from '../../observed.ts'
import type { PodSpec } from '../pod-defaults.ts'
import type { K0sConfig } from './config.ts'

type Volumes = NonNullable<PodSpec['volumes']>
type SecretSource = Pick<NonNullable<NonNullable<Volumes[number]['projected']>['sources']>[number], 'secret'>

export function k0sVolumes(observed: Observed, config: K0sConfig): Volumes {
  const names = observed.names
  return [
    { name: 'config', ...filesFrom(config, 'k0s.yaml', 'authentication.yaml') },
    { name: 'accounts', ...filesFrom(config, 'passwd', 'group') },
    {
      name: 'initial',
      projected: {
        defaultMode: 0o400,
        sources: [...authoritySources(observed), ...placeholderSource(config)],
      },
    },
    ...observed.datastore.volumes(observed),
    // k0s unpacks 308 MB of programs into it
    { name: names.dataVolume, emptyDir: { sizeLimit: '2Gi' } },
    // private keys never reach a disk of the node
    { name: 'pki', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
    // k0s writes its configuration there: neither does a password
    { name: 'run', emptyDir: { ...(config.kind === 'Secret' && { medium: 'Memory' }), sizeLimit: '64Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
  ]
}

/** As many of the files as are there. */
function filesFrom({ kind, name, files }: K0sConfig, ...wanted: readonly string[]): Omit<Volumes[number], 'name'> {
  const items = wanted.filter(file => file in files).map(file => ({ key: file, path: file }))
  return kind === 'Secret' ? { secret: { secretName: name, items } } : { configMap: { name, items } }
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
function placeholderSource({ kind, name, placeholders }: K0sConfig) {
  const items = placeholders.map(file => ({ key: 'placeholder', path: `manifests/${file}`, mode: 0o644 }))
  if (items.length === 0) return []
  return [kind === 'Secret' ? { secret: { name, items } } : { configMap: { name, items } }]
}

/** A Secret's keys as files of these names. */
export function secretSource(name: string, files: Readonly<Record<string, string>>): SecretSource {
  return { secret: { name, items: Object.entries(files).map(([key, path]) => ({ key, path })) } }
}
