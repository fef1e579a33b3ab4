// What a release contains — core

export { nodeFlags } from './node-flags.ts'
export { providerNamespace, rbacOf } from './rbac.ts'
export { type ReleaseFile, releaseFiles } from './release-files.ts'
