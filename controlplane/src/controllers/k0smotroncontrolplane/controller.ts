// The controller of K0smotronControlPlane — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Controller } from '@k0smotron-ts/runtime'
import { createInfrastructure } from '../../infrastructure/infrastructure.ts'
import { createHostedController, type HostedParts } from '../hosted-controller.ts'
import { reconcile } from './reconciler.ts'
import { reportFailure } from './report/failure.ts'
import { wakesOf } from './wakes.ts'

export function createControlPlaneController(parts: HostedParts): Controller {
  const infrastructure = createInfrastructure(parts.clock)
  return createHostedController(parts, deps => ({
    name: 'k0smotroncontrolplane',
    primary: k0smotronControlPlane,
    wakes: wakesOf(parts.flags.namespace),
    reconcile: (key, shell) => reconcile(key, shell, { ...deps, infrastructure }),
    reportFailure: (key, shell, failure) => reportFailure(key, shell, failure, deps.controlPlaneMetrics),
  }))
}
