// What a release contains — core
export { providerNamespace, rbacOf } from './rbac.ts'
export { type ReleaseFile, releaseFiles } from './release-files.ts'
