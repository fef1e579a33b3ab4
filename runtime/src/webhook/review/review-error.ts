// What was sent is no review — core

/** The message is for whoever sent it, and quotes nothing of it. */
export class ReviewError extends Error {
  override readonly name = 'ReviewError'
}
