// The bootstrap provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import { type ConnectionConfig, type Transport, version } from '@k0smotron-ts/runtime'
import { type Provider, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { createK0sWorkerConfigController } from './controllers/k0sworkerconfig/controller.ts'

/** k0smotron's field manager, so that what it stored can be told from what others did. */
const fieldManager = 'k0s-bootstrap'

export interface BootstrapOptions {
  /** How requests get to workload clusters. */
  readonly transport?: (connection: ConnectionConfig) => Transport
}

export function bootstrapProvider({ transport = undiciTransport }: BootstrapOptions = {}): Provider {
  const userAgent = `${fieldManager}/${version}`
  return {
    name: 'bootstrap',
    fieldManager,
    controllers: ({ clock, random, log, flags: { namespace } }) => [
      createK0sWorkerConfigController({
        clock,
        random,
        log,
        ...(namespace !== undefined && { namespace }),
        fieldManager,
        userAgent,
        transport,
      }),
    ],
    filter: ({ watchFilter }) =>
      watchFilter === undefined ? undefined : ({ metadata }) => metadata.labels?.[watchFilterLabel] === watchFilter,
  }
}
