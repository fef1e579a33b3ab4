// What every controller needs — core

export { ContestedError } from './apply/contest.ts'
export { canonicalJson } from './apply/intent.ts'
export * from './apply/ownership.ts'
export type * from './cache/types.ts'
export * from './client/api-error.ts'
export { createClient } from './client/client.ts'
export {
  type ConnectionConfig,
  type Credentials,
  fixedCredentials,
  type Identity,
  rereadCredentials,
} from './client/connection.ts'
export { KubeconfigError } from './client/kubeconfig.ts'
export { type LoadConnectionOptions, loadConnection } from './client/load-connection.ts'
export type { Pacing } from './client/repeat.ts'
export { connectionFromSecret } from './client/secret-connection.ts'
export { type Transport, type TransportRequest, type TransportResponse, TransportTimeout } from './client/transport.ts'
export type * from './client/types.ts'
export { type Answer, type TransportOptions, undiciTransport } from './client/undici-transport.ts'
export { type Clock, pause, within } from './clock.ts'
export * from './conditions/conditions.ts'
export { keyOf, parseKey, printKey } from './controller/key.ts'
export type { ControllerSetup } from './controller/pass.ts'
export { deadline, settle } from './controller/settle.ts'
export { TerminalError } from './controller/terminal-error.ts'
export * from './controller/types.ts'
export { isSameKind, wakeOn } from './controller/wake.ts'
export { createEventRecorder, type EventRecorder, type RecorderOptions } from './events/recorder.ts'
export { type CommandLine, type ManagerFlags, parseManagerFlags, UsageError } from './flags/manager-flags.ts'
export { type BindAddress, parseBindAddress } from './health/bind-address.ts'
export * from './kinds.ts'
export { candidateIdentity, createElection, type Election, type ElectionOptions } from './leader/election.ts'
export type { Leadership } from './leader/leadership.ts'
export { leaseName, leases } from './leader/lease.ts'
export { createLogger, type LoggerOptions } from './log/logger.ts'
export type { Logger, LogLevel } from './log.ts'
export { createMetrics, type Metrics, type RequestOutcome } from './metrics/metrics.ts'
export {
  type Certificate,
  type CertificateSubject,
  type CertificateUsage,
  parseCertificate,
  renewAt,
} from './pki/certificate.ts'
export { canonicalIp } from './pki/ip-address.ts'
export {
  type AuthorityRequest,
  type Issued,
  issueCertificateAuthority,
  issueLeaf,
  issueServiceAccountKey,
  type LeafRequest,
} from './pki/issue.ts'
export { Secret } from './secret.ts'
export { createShells, type ShellDeps } from './shell/create-shell.ts'
export { systemClock } from './system-clock.ts'
