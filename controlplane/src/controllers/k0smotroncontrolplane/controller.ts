// The controller of K0smotronControlPlane — shell
import { k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import type { Controller } from '@k0smotron-ts/runtime'
import { guardedTransport, type ProviderParts } from '@k0smotron-ts/runtime/shell'
import { createFactsReader } from '../../hosted/pki/secret-facts.ts'
import { createInfrastructure } from '../../infrastructure/infrastructure.ts'
import { createWorkloadAPIs } from '../../workload/workload-apis.ts'
import { reconcile } from './reconciler.ts'
import { reportFailure } from './report/failure.ts'
import { wakesOf } from './wakes.ts'

export function createControlPlaneController(parts: ProviderParts, userAgent: string): Controller {
  const { clock, random, log, metrics, flags, managementHost: management } = parts
  let wake: (key: ObjectKey) => void = () => {} // nobody listens yet: the first pass asks anyway
  const hosted = createWorkloadAPIs({
    ways: flags.hostedApi,
    userAgent,
    clock,
    random,
    log,
    wake: key => wake(key),
    transport: guardedTransport({ allowed: flags.allowWorkloadAddresses, management }),
  })
  const deps = {
    askWorkloadAPI: hosted.ask,
    stopAsking: hosted.stopAsking,
    readFacts: createFactsReader(),
    infrastructure: createInfrastructure(clock),
    certificatesExpire: metrics.certificatesExpire,
  }
  return {
    name: 'k0smotroncontrolplane',
    primary: k0smotronControlPlane,
    wakes: wakesOf(flags.namespace),
    listen: (to, signal) => {
      wake = to
      signal.addEventListener('abort', () => hosted.close(), { once: true })
    },
    reconcile: (key, shell) => reconcile(key, shell, deps),
    reportFailure,
  }
}
