// The control plane provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import { version } from '@k0smotron-ts/runtime'
import type { Provider } from '@k0smotron-ts/runtime/shell'
import { createControlPlaneController } from './controllers/k0smotroncontrolplane/controller.ts'
import { fieldManager } from './hosted/identity.ts'

export const controlPlaneProvider: Provider = {
  name: 'control-plane',
  fieldManager,
  controllers: parts => [createControlPlaneController(parts, `${fieldManager}/${version}`)],
  watchFilterLabel,
}
