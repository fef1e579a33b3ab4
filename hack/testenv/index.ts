// The embedded management cluster, for tests, the demo and by hand — shell
export { type AuditEntry, countBy, isEvent, isLeaseRenewal, isWrite } from './audit-entry.ts'
export type { AuditLog, AuditMark } from './audit-log.ts'
export type { Connection } from './connection.ts'
export { type HostedControlPlane, type HostedOptions, startHostedControlPlane } from './hosted.ts'
export type { Identity } from './identity.ts'
export type { Site } from './site.ts'
export { startTestEnv, type TestEnv, type TestEnvOptions } from './test-env.ts'
