// What every controller needs to reach the world — shell
export { type Attempt, attempt, type Step } from './apply/attempt.ts'
export { reportBesideKnown } from './apply/report-failure.ts'
export { newBootstrapToken } from './bootstrap-token/new-token.ts'
export { extendToken, isTokenKnown, projectToken, revokeToken, setTokenEnd } from './bootstrap-token/writes.ts'
export { type CacheOptions, createCache, type SharedCache } from './cache/cache.ts'
export { readText } from './client/body/bodies.ts'
export { createClient } from './client/client.ts'
export { type LoadConnectionOptions, loadConnection } from './client/kubeconfig/load-connection.ts'
export { type Answer, type TransportOptions, undiciTransport } from './client/transport/undici-transport.ts'
export { createManager, type Manager, type ManagerOptions } from './controller/manager.ts'
export type { ControllerSetup } from './controller/pass.ts'
export { createEventRecorder, type EventRecorder, type RecorderOptions } from './events/recorder.ts'
export { type CommandLine, type ManagerFlags, parseManagerFlags, UsageError } from './flags/manager-flags.ts'
export { candidateIdentity, createElection, type Election, type ElectionOptions } from './leader/election.ts'
export type { Leadership } from './leader/leadership.ts'
export { createLogger, type LoggerOptions } from './log/logger.ts'
export { createMetrics, type Metrics, type RequestOutcome } from './metrics/metrics.ts'
export type { ObjectMetrics } from './metrics/object-metrics.ts'
export {
  type AuthorityRequest,
  type Issued,
  issueCertificateAuthority,
  issueLeaf,
  issueServiceAccountKey,
  type LeafRequest,
} from './pki/issue.ts'
export { createProviderManager, type Provider, type ProviderOptions, type ProviderParts } from './provider/provider.ts'
export { runProvider } from './provider/run-provider.ts'
export { runToExit } from './run-to-exit.ts'
export { createShells, type ShellDeps, type Site } from './shell/create-shell.ts'
export { systemClock } from './system-clock.ts'
export type { Timing } from './webhook/certificates/decide.ts'
export { type GuardOptions, guardedTransport } from './workload/address-guard.ts'
export { type Opening, type Reach, type Workload, WorkloadPool, type WorkloadPoolDeps } from './workload/pool.ts'
