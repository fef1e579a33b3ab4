// One watch, from a known version until it ends — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { LeftOut } from '../client/types.ts'
import { type Clock, pause } from '../clock.ts'
import { reportLeftOut } from './left-out.ts'
import type { Followed } from './types.ts'

/**
 * kube-apiserver sends a bookmark each minute, also when nothing changes (measured on 1.36: 59 to 61 s apart). Three
 * minutes without a line are three of them missing: the connection is dead, or something on its way. Of Events it sends
 * none at all, and a quiet cluster has none: asking again each three minutes would make an idle provider a busy one.
 */
function longestSilenceOf({ kind }: ResourceType): number {
  return kind === 'Event' ? 1_800_000 : 180_000
}

/** No line came, not even a bookmark. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError'
}

export interface WatchStart {
  readonly position: string
  /** Called with each version that is known from now on. */
  readonly moved: (resourceVersion: string) => void
}

/** Resolves when the server ended the watch in good order or the signal was aborted; throws for everything else. */
export async function watchFrom<T extends KubeObject>(
  followed: Followed<T>,
  { position, moved }: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { client, clock, type, selection, sink } = followed
  using silence = watchdog({ clock, longestSilenceMs: longestSilenceOf(type) }, signal)
  const leftOut = (what: LeftOut): void => reportLeftOut(followed, what)
  const options = { ...selection, resourceVersion: position, signal: silence.signal, leftOut }
  for await (const event of client.watch(type, options)) {
    silence.broken()
    sink.observe(event)
    const { resourceVersion } = event.object.metadata
    if (resourceVersion) moved(resourceVersion)
  }
  if (silence.lasted()) throw new SilenceError('nothing came from the watch, not even a bookmark')
}

interface Patience {
  readonly clock: Clock
  readonly longestSilenceMs: number
}

interface Watchdog extends Disposable {
  /** Aborted when the outer signal is, or when the silence lasted too long. */
  readonly signal: AbortSignal
  broken(): void
  lasted(): boolean
}

/** One timer per watch and not per event: it sleeps for what is left of the silence it would not stand. */
function watchdog({ clock, longestSilenceMs }: Patience, outer: AbortSignal): Watchdog {
  const own = new AbortController()
  const stop = (): void => own.abort()
  let lastLine = clock.elapsed()
  let lasted = false
  const keepWatch = async (): Promise<void> => {
    while (!own.signal.aborted) {
      const left = longestSilenceMs - (clock.elapsed() - lastLine)
      if (left > 0) await pause(clock, left, own.signal)
      else {
        lasted = true
        stop()
      }
    }
  }
  outer.addEventListener('abort', stop)
  if (outer.aborted) stop()
  void keepWatch()
  return {
    signal: own.signal,
    broken: () => {
      lastLine = clock.elapsed()
    },
    lasted: () => lasted,
    [Symbol.dispose]: () => {
      outer.removeEventListener('abort', stop)
      stop()
    },
  }
}
