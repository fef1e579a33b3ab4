// A failure that no retry can mend — core

/**
 * The pass failed and will fail until the object changes: it is logged and counted, and not repeated before that.
 * The reason is the one of the condition that tells the user.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError'
  readonly reason: string

  constructor(reason: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}
