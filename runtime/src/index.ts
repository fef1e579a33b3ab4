// What every controller needs — core
export type * from './cache/types.ts'
export type * from './client/types.ts'
export * from './controller/types.ts'
export type { Logger } from './log.ts'
