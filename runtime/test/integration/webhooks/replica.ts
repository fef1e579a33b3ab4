// One replica of the provider, as a process of its own — shell
import type { Timing } from '@k0smotron-ts/runtime/shell'
import {
  createLogger,
  createMetrics,
  createProviderManager,
  loadConnection,
  runToExit,
  undiciTransport,
} from '@k0smotron-ts/runtime/shell'
import { flagsOf, namespace, thingsProvider } from './world.ts'

export interface ReplicaOrder {
  readonly kubeconfig: string
  readonly port: number
  readonly timing: Timing
}

const { kubeconfig, port, timing }: ReplicaOrder = JSON.parse(process.argv[2] ?? '')
const connection = await loadConnection({ kubeconfig, userAgent: 'replica' })
const log = createLogger({ level: 'info' })
const manager = createProviderManager(thingsProvider, {
  connect: () => undiciTransport(connection, {}),
  flags: flagsOf(port, true),
  namespace,
  log,
  metrics: createMetrics(),
  webhookTiming: timing,
})
await runToExit(signal => manager.run(signal), log)
