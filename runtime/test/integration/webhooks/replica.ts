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
import { namespace, thingsProvider } from './world.ts'

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
  flags: {
    enableController: '',
    leaderElect: true,
    concurrency: 1,
    insecureDiagnostics: true,
    hostedApi: ['endpoint'],
    allowWorkloadAddresses: [],
    logLevel: 'info',
    webhookPort: port,
  },
  namespace,
  log,
  metrics: createMetrics(),
  webhookTiming: timing,
})
await runToExit(signal => manager.run(signal), log)
