// What a release contains — core

export { nodeEnvironment, nodeFlags } from './node-flags.ts'
export { providerNamespace, rbacOf } from './rbac.ts'
export { type ReleaseFile, releaseFiles } from './release-files.ts'
