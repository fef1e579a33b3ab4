// The programs that tests and the lab run, and what building and starting them needs — shell
export { binaries } from './binaries.ts'
export { type BoundChild, spawnBound } from './bound-child.ts'
export { checkGo, goBuild } from './compile/go.ts'
export { cacheFolder } from './locate.ts'
export { withLock } from './lock/lock.ts'
export { isAlive, type Owner, thisProcess } from './lock/owner.ts'
export { type Progress, terminalProgress } from './progress.ts'
