// List once, then watch for ever — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError, isGone, whyUnreadable } from '../client/api-error.ts'
import { pause } from '../wait.ts'
import { listPages } from './list-pages.ts'
import { createPace, type Ending } from './pace.ts'
import type { Followed } from './types.ts'
import { SilenceError, watchFrom } from './watch-from.ts'

/** Where the next round begins. */
interface Progress {
  /** Version up to which everything is known; undefined: list first. */
  position: string | undefined
  /** Watches in a row that were given up because nothing came, not even a bookmark. */
  silences: number
}

/** After that many, the position itself is in doubt (a restored etcd counts anew, and no watch ever says so). */
const silencesUntilList = 2

interface Round extends Ending {
  /** What an operator should know of. */
  readonly error?: unknown
}

/**
 * Keeps the sink true until the signal is aborted; then resolves, with nothing left open. Nothing else ends it: not a
 * refusal, not a broken stream.
 *
 * Guarantees: every object is told, and every deletion, also one that happened while nobody watched.
 * Caveat: several changes of one object may be told as one.
 */
export async function listWatch<T extends KubeObject>(followed: Followed<T>, signal: AbortSignal): Promise<void> {
  const { clock, sink } = followed
  const pace = createPace(followed.random)
  const progress: Progress = { position: undefined, silences: 0 }
  let refused: unknown
  while (!signal.aborted) {
    const round = await listThenWatch(followed, progress, signal)
    if (signal.aborted) return
    const delay = pace.after(round)
    const isKnown = isSameRefusal(round.error, refused)
    refused = round.error
    if (round.error !== undefined) {
      report(followed, { error: round.error, delay, isKnown })
      if (sink.failed?.(round.error) === 'list') progress.position = undefined
    }
    await pause(clock, delay, signal)
  }
}

async function listThenWatch<T extends KubeObject>(
  followed: Followed<T>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Round> {
  const { clock } = followed
  let opened: number | undefined
  const livedMs = (): number => (opened === undefined ? 0 : clock.elapsed() - opened)
  const moved = (resourceVersion: string): void => {
    progress.position = resourceVersion
    progress.silences = 0
  }
  try {
    const position = progress.position ?? (await list(followed, progress, signal))
    opened = clock.elapsed()
    await watchFrom(followed, { position, moved }, signal)
    return { kind: 'ended', livedMs: livedMs() }
  } catch (error) {
    return { ...endedBy(error, progress), livedMs: livedMs() }
  }
}

async function list<T extends KubeObject>(
  followed: Followed<T>,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const resourceVersion = await listPages(followed, signal)
  progress.position = resourceVersion
  progress.silences = 0
  return resourceVersion
}

function endedBy(error: unknown, progress: Progress): Omit<Round, 'livedMs'> {
  if (isGone(error)) {
    progress.position = undefined
    return { kind: 'ended' } // nothing is wrong: the version was too old, and a list gives a new one
  }
  if (error instanceof SilenceError) {
    if (++progress.silences >= silencesUntilList) progress.position = undefined
    return { kind: 'failed' } // nothing to report yet: of some kinds (Events) no bookmarks come at all
  }
  const kind = whyUnreadable(error) === undefined ? 'failed' : 'unreadable'
  return { kind, error, retryAfterMs: error instanceof ApiError ? error.retryAfterMs : undefined }
}

interface Failure {
  readonly error: unknown
  readonly delay: number
  /** It was said before, and nothing has changed. */
  readonly isKnown: boolean
}

function report<T extends KubeObject>(followed: Followed<T>, { error, delay, isKnown }: Failure): void {
  const { log, mayComeLater = false, type, selection } = followed
  const { namespace, labelSelector, fieldSelector } = selection
  const which = [namespace, labelSelector, fieldSelector].filter(Boolean).join(' ') || 'all'
  // a server that is busy starting says when to come back, and nobody needs to be woken
  const isBusy = error instanceof ApiError && error.retryAfterMs !== undefined
  const isAwaited = mayComeLater && whyUnreadable(error) === 'NotServed'
  const level = isKnown ? 'debug' : isBusy || isAwaited ? 'info' : 'error'
  const what = isAwaited ? 'Waiting for a kind to be served' : 'Lost sight of objects'
  log[level]({ error, [type.kind]: which, retryInMs: Math.round(delay) }, what)
}

/** A kind that is not served or may not be read stays so until someone acts: one line is enough. */
function isSameRefusal(error: unknown, before: unknown): boolean {
  const why = whyUnreadable(error)
  return why !== undefined && why === whyUnreadable(before)
}
