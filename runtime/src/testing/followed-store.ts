// A list-watch into a store, against a scripted server — shell
import { ObjectStore } from '../cache/store.ts'
import type { Change } from '../cache/types.ts'
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport/transport.ts'
import { undiciTransport } from '../client/transport/undici-transport.ts'
import { listWatch } from '../watch/list-watch.ts'
import { type ArmedClock, armedClock } from './armed-clock.ts'
import type { TestCertificates } from './certificates.ts'
import { type ConfigMap, configMaps } from './kubernetes-answers.ts'
import { type RecordedLog, recordedLog } from './recorded-log.ts'
import { type ScriptedServer, scriptedServer } from './scripted-server.ts'

export interface FollowedStore {
  readonly server: ScriptedServer
  readonly clock: ArmedClock
  readonly log: RecordedLog
  readonly store: ObjectStore<ConfigMap>
  /** What was told: `+a` came, `~a` changed, `-a` went. */
  readonly told: readonly string[]
  /** Resolves as soon as so many changes were told. */
  toldAtLeast(count: number): Promise<void>
  /** Waits until the list-watch pauses, lets that pause pass, and says how long it was. */
  pausePassed(): Promise<number>
  /** Ends the list-watch; resolves when it has ended. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface FollowOptions {
  readonly wrap?: (transport: Transport) => Transport
  readonly random?: () => number
  /** Config maps unless given. */
  readonly type?: typeof configMaps
}

/** The watchdog's timer is far longer than any pause. */
const isPause = (milliseconds: number): boolean => milliseconds < 60_000

export async function followStore(
  certificates: TestCertificates,
  { wrap = transport => transport, random = () => 0.5, type = configMaps }: FollowOptions = {},
): Promise<FollowedStore> {
  const server = await scriptedServer(certificates)
  const clock = armedClock()
  const log = recordedLog()
  const told: string[] = []
  const waiting: (() => void)[] = []
  const store = new ObjectStore<ConfigMap>({ watched: { type }, project: object => object, log })
  store.onChange(change => {
    told.push(printed(change))
    for (const look of waiting) look()
  })
  const client = createClient(wrap(undiciTransport(server.connection())), { clock, random })
  const ending = new AbortController()
  const selection = { namespace: 'ns' }
  const ended = listWatch({ client, type, selection, sink: store, log, clock, random }, ending.signal)
  const stop = async (): Promise<void> => {
    ending.abort()
    await ended
  }
  return {
    server,
    clock,
    log,
    store,
    told,
    stop,
    toldAtLeast: count =>
      new Promise(resolve => {
        const look = (): void => (told.length >= count ? resolve() : undefined)
        waiting.push(look)
        look()
      }),
    pausePassed: async () => {
      const milliseconds = await clock.armed(isPause)
      await clock.advance(milliseconds)
      return milliseconds
    },
    close: async () => {
      await stop()
      await client.close()
      await server.close()
    },
  }
}

function printed({ before, after }: Change<ConfigMap>): string {
  const sign = before && after ? '~' : after ? '+' : '-'
  return `${sign}${(after ?? before)?.metadata.name}`
}
