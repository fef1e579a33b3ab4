// Logging — core
export type LogLevel = 'error' | 'info' | 'debug'

/** Constant message, key/values beside it. */
export interface Logger {
  error(fields: object, message: string): void
  info(fields: object, message: string): void
  debug(fields: object, message: string): void
  child(fields: object): Logger
}
