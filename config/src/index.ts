// What a release contains — core

export { memoryLimitMiB, nodeEnvironment, nodeFlags, nodeFlagsWithin } from './node-flags.ts'
export { providerNamespace, type RbacFile, rbacOf } from './rbac.ts'
export { deploymentName, managers, managerUser, programPath } from './release/managers.ts'
export { metadataFile, type ReleaseOptions, releaseOf } from './release/release.ts'
export { configurationOf, type WebhookPlace } from './release/webhooks.ts'
export { type ReleaseFile, releaseFiles } from './release-files.ts'
