// The bootstrap provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import type { ConnectionConfig, Transport } from '@k0smotron-ts/runtime'
import { type Provider, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { createK0sWorkerConfigController } from './controllers/k0sworkerconfig/controller.ts'

/** k0smotron's field manager, so that what it stored can be told from what others did. */
export const fieldManager = 'k0s-bootstrap'

export interface BootstrapOptions {
  /** Who we are in the logs of workload clusters. */
  readonly userAgent: string
  /** How requests get to workload clusters. */
  readonly transport?: (connection: ConnectionConfig) => Transport
}

export function bootstrapProvider({ userAgent, transport = undiciTransport }: BootstrapOptions): Provider {
  return {
    name: 'bootstrap',
    fieldManager,
    controllers: ({ flags: { namespace }, ...parts }) => [
      createK0sWorkerConfigController({
        clock: parts.clock,
        random: parts.random,
        log: parts.log,
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
