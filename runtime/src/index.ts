// What every controller needs and may decide with — core
export { ContestedError, ContestLog } from './apply/contest.ts'
export { canonicalJson, stripEmpty } from './apply/intent.ts'
export {
  annotationAddition,
  annotationRemoval,
  finalizerAddition,
  finalizerRemoval,
  guards,
} from './apply/metadata-patches.ts'
export { isAppliedBy } from './apply/owned-fields.ts'
export * from './apply/ownership.ts'
export { isOfQuota, lastingFailureIn, type Refusal, refusalIn, remedyIn } from './apply/refusal.ts'
export { takenOver } from './apply/take-over.ts'
export * from './bootstrap-token/workload-token.ts'
export type * from './cache/types.ts'
export * from './client/api-error.ts'
export { KubeconfigError } from './client/kubeconfig/kubeconfig.ts'
export { connectionFromSecret } from './client/kubeconfig/secret-connection.ts'
export type { Pacing } from './client/repeat.ts'
export {
  type ConnectionConfig,
  type Credentials,
  fixedCredentials,
  type Identity,
} from './client/transport/connection.ts'
export {
  type Transport,
  type TransportRequest,
  type TransportResponse,
  TransportTimeout,
} from './client/transport/transport.ts'
export type * from './client/types.ts'
export { type Clock, timeText } from './clock.ts'
export * from './conditions/conditions.ts'
export { isFailure, notesOf } from './conditions/notes.ts'
export { withConditions } from './conditions/with-conditions.ts'
export { isRace } from './contract/race.ts'
export * from './contract/types.ts'
export { isSameKind, wakeOn } from './contract/wake.ts'
export { deadline, settle } from './controller/settle.ts'
export { type BindAddress, parseBindAddress } from './health/bind-address.ts'
export { beside, keyOf, parseKey, printKey } from './key.ts'
export * from './kinds.ts'
export { leaseName, leases } from './leader/lease.ts'
export { type Limit, type LimitName, limits } from './limits.ts'
export type { Logger, LogLevel } from './log.ts'
export { Lru } from './lru.ts'
export type * from './metrics/certificate-report.ts'
export type * from './metrics/object-report.ts'
export {
  type Certificate,
  type CertificateSubject,
  type CertificateUsage,
  countCertificates,
  parseCertificate,
  renewAt,
} from './pki/certificate.ts'
export { canonicalIp } from './pki/ip-address.ts'
export { IssueError } from './pki/issue-error.ts'
export { faultOfSigningKey } from './pki/signing-fault.ts'
export { Secret } from './secret.ts'
export { version } from './version.ts'
export type * from './webhook/types.ts'
export type { EndpointFinding, WorkloadAnswer } from './workload/answer.ts'
