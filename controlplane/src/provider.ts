// The control plane provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import { version } from '@k0smotron-ts/runtime'
import type { Provider } from '@k0smotron-ts/runtime/shell'
import { createControlPlaneController } from './controllers/k0smotroncontrolplane/controller.ts'

/** k0smotron's field manager, so that fields of an adopted cluster stay ours. */
const fieldManager = 'k0smotron-operator'

export const controlPlaneProvider: Provider = {
  name: 'control-plane',
  fieldManager,
  controllers: parts => [createControlPlaneController(parts, `${fieldManager}/${version}`)],
  filter: ({ watchFilter }) =>
    watchFilter === undefined ? undefined : ({ metadata }) => metadata.labels?.[watchFilterLabel] === watchFilter,
}
