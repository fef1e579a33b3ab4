// The control plane provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import type { Provider } from '@k0smotron-ts/runtime/shell'
import { type ControllerOptions, createControlPlaneController } from './controllers/k0smotroncontrolplane/controller.ts'

/** k0smotron's field manager, so that fields of an adopted cluster stay ours. */
export const fieldManager = 'k0smotron-operator'

export function controlPlaneProvider(options: ControllerOptions): Provider {
  return {
    name: 'control-plane',
    fieldManager,
    controllers: parts => [createControlPlaneController(parts, options)],
    filter: ({ watchFilter }) =>
      watchFilter === undefined ? undefined : ({ metadata }) => metadata.labels?.[watchFilterLabel] === watchFilter,
  }
}
