// The controller of K0smotronControlPlane — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Controller } from '@k0smotron-ts/runtime'
import type { ProviderParts } from '@k0smotron-ts/runtime/shell'
import { createInfrastructure } from '../../infrastructure/infrastructure.ts'
import { createHostedController } from '../hosted-controller.ts'
import { reconcile } from './reconciler.ts'
import { reportFailure } from './report/failure.ts'
import { wakesOf } from './wakes.ts'

export function createControlPlaneController(parts: ProviderParts, userAgent: string): Controller {
  const infrastructure = createInfrastructure(parts.clock)
  return createHostedController(parts, userAgent, deps => ({
    name: 'k0smotroncontrolplane',
    primary: k0smotronControlPlane,
    wakes: wakesOf(parts.flags.namespace),
    reconcile: (key, shell) => reconcile(key, shell, { ...deps, infrastructure }),
    reportFailure,
  }))
}
