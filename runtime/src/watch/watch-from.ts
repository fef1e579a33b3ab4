// One watch, from a known version until it ends — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { TransportTimeout } from '../client/transport/transport.ts'
import type { LeftOut } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { pause } from '../wait.ts'
import { reportLeftOut } from './left-out.ts'
import type { Followed } from './types.ts'

/**
 * kube-apiserver sends a bookmark each minute, also when nothing changes (measured on 1.36: 59 to 61 s apart). Of Events
 * it sends none at all, and a quiet cluster has none: asking again each three minutes would make an idle provider busy.
 */
const silenceOfEventsMs = 1_800_000

/** No line came, not even a bookmark: the connection is dead, or something on its way. */
export class SilenceError extends TransportTimeout {}

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
  using silence = watchdog({ clock, ...patienceWith(type) }, signal)
  const leftOut = (what: LeftOut): void => reportLeftOut(followed, what)
  const options = { ...selection, resourceVersion: position, signal: silence.signal, leftOut }
  for await (const event of client.watch(type, options)) {
    silence.broken()
    sink.observe(event)
    const { resourceVersion } = event.object.metadata
    if (resourceVersion) moved(resourceVersion)
  }
  if (silence.lasted()) throw silentWatch()
}

const silentWatch = (): SilenceError => new SilenceError('nothing came from the watch, not even a bookmark')

interface Patience {
  readonly clock: Clock
  readonly maxSilenceMs: number
  /** What the transport is told: of Events, silence says nothing about the connection. */
  readonly reason?: SilenceError
}

function patienceWith({ kind }: ResourceType): Omit<Patience, 'clock'> {
  return kind === 'Event'
    ? { maxSilenceMs: silenceOfEventsMs }
    : { maxSilenceMs: limits.silenceMilliseconds.value, reason: silentWatch() }
}

interface Watchdog extends Disposable {
  /** Aborted when the outer signal is, or when the silence lasted too long. */
  readonly signal: AbortSignal
  broken(): void
  lasted(): boolean
}

/** One timer per watch and not per event: it sleeps for what is left of the silence it would not stand. */
function watchdog({ clock, maxSilenceMs, reason }: Patience, outer: AbortSignal): Watchdog {
  const own = new AbortController()
  const stop = (): void => own.abort()
  let lastLine = clock.elapsed()
  let lasted = false
  const keepWatch = async (): Promise<void> => {
    while (!own.signal.aborted) {
      const left = maxSilenceMs - (clock.elapsed() - lastLine)
      if (left > 0) await pause(clock, left, own.signal)
      else {
        lasted = true
        own.abort(reason)
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
