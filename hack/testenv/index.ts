// The embedded management cluster, for tests, the demo and by hand — shell

export { createAuthority, issue } from './access/certificates.ts'
export { clientOf } from './access/client.ts'
export { type Connection, printKubeconfig } from './access/connection.ts'
export type { Identity } from './access/identity.ts'
export { apply, type Kubectl, kubectl, kubectlWith } from './access/kubectl.ts'
export { limitToNamespace, may, mayListSecrets } from './access/one-namespace.ts'
export { untilRefused } from './access/until-refused.ts'
export { type AuditEntry, countBy, isEvent, isLease, isLeaseRenewal, isWrite } from './audit/audit-entry.ts'
export type { AuditLog, AuditMark } from './audit/audit-log.ts'
export { install, installClusterApiKinds, installFiles } from './install/install.ts'
export { leadWebhooks } from './install/lead-webhooks.ts'
export { putStored, type Stored } from './install/stored.ts'
export {
  type Management,
  type ManagementOptions,
  type RunningProvider,
  type StartOptions,
  startManagement,
} from './management.ts'
export { parseComponents, withWebhooksAt } from './parts/cluster-api-components.ts'
export { type HostedControlPlane, type HostedOptions, startHostedControlPlane } from './parts/hosted.ts'
export { startTestEnv, type TestEnv, type TestEnvOptions } from './test-env.ts'
export { startComponent } from './workspace/component.ts'
export { freePort } from './workspace/ports.ts'
export type { Site } from './workspace/site.ts'
export { createWorkspace, type Workspace } from './workspace/workspace.ts'
export { type Fault, type FaultKind, faultAt } from './world/faults.ts'
export { follow, type Sight } from './world/follow.ts'
export { type MovableClock, movableClock } from './world/movable-clock.ts'
export { type Pictured, pictureOf } from './world/picture.ts'
export { until, untilAll } from './world/until.ts'
