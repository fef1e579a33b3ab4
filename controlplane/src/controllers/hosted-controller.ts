// What the controllers of all kinds of control plane work with — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Controller } from '@k0smotron-ts/runtime'
import { guardedTransport, type Metrics, type ObjectMetrics, type ProviderParts } from '@k0smotron-ts/runtime/shell'
import { createMembers } from '../hosted/datastore/ask-members.ts'
import type { HostedDeps } from '../hosted/observe.ts'
import { createFactsReader } from '../hosted/pki/secret-facts.ts'
import { createWorkloadAPIs } from '../workload/workload-apis.ts'

/** What does not come out of the cache. */
export interface HostedControllerDeps extends HostedDeps {
  readonly certificateMetrics: Metrics['certificates']
  /** What the status says, as numbers. */
  readonly controlPlaneMetrics: ObjectMetrics
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number
}

/** Of a provider with kinds of control plane. */
export interface HostedParts extends ProviderParts {
  readonly userAgent: string
  readonly controlPlaneMetrics: ObjectMetrics
}

/** The API servers of the workload clusters wake it, beside what it watches. */
export function createHostedController(
  parts: HostedParts,
  controllerWith: (deps: HostedControllerDeps) => Omit<Controller, 'listen'>,
): Controller {
  const { clock, random, log, metrics, controlPlaneMetrics, flags, userAgent, managementHost: management } = parts
  let wake: (key: ObjectKey) => void = () => {} // nobody listens yet: the first pass asks anyway
  let away: (key: ObjectKey) => () => void = () => () => {}
  const hosted = createWorkloadAPIs({
    ways: flags.hostedApi,
    userAgent,
    clock,
    random,
    log,
    wake: key => wake(key),
    transport: guardedTransport({ allowed: flags.allowWorkloadAddresses, management }),
  })
  const members = createMembers({
    userAgent,
    clock,
    random,
    log,
    wake: key => wake(key),
    away: key => away(key),
  })
  const controller = controllerWith({
    askWorkloadAPI: hosted.ask,
    stopAsking: hosted.stopAsking,
    members,
    namespace: parts.namespace,
    readFacts: createFactsReader(),
    certificateMetrics: metrics.certificates,
    controlPlaneMetrics,
    elapsed: () => clock.elapsed(),
  })
  return {
    ...controller,
    listen: (to, signal, outside) => {
      wake = to
      away = key => outside.away(key)
      const close = (): void => {
        hosted.close()
        members.close()
      }
      signal.addEventListener('abort', close, { once: true })
    },
  }
}
