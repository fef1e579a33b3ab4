// Fields that this release does not act on yet — core
import type { K0sWorkerConfig } from '@k0smotron-ts/api'

/** A field without effect. `blocks`: the data would be wrong without it, so none is made. */
export interface Unsupported {
  readonly path: string
  readonly blocks: boolean
}

/** Every field of the spec that is set and has no effect, so that nobody relies on it unknowingly. */
export function unsupportedFields({ config }: { readonly config: Pick<K0sWorkerConfig, 'spec'> }): Unsupported[] {
  const { type = 'cloud-config', platform = 'linux', ignition, customUserDataRef } = config.spec.provisioner ?? {}
  const fields: readonly (readonly [string, boolean, boolean])[] = [
    ['type', type !== 'cloud-config', true],
    ['platform', platform !== 'linux', true],
    ['customUserDataRef', customUserDataRef !== undefined, true],
    ['ignition', ignition !== undefined, type === 'ignition'],
  ]
  return fields.flatMap(([field, isSet, blocks]) => (isSet ? [{ path: `spec.provisioner.${field}`, blocks }] : []))
}
