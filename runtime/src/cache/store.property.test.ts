// Whatever the order of lists, events and replies, the store ends true and told everything — core
import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import type { WatchEvent } from '../client/types.ts'
import { keyOf, printKey } from '../key.ts'
import { type ConfigMap, configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { ObjectStore } from './store.ts'

const steps = record({
  kind: constantFrom('write', 'write', 'write', 'delete', 'event', 'event', 'reply', 'list', 'staleList'),
  name: constantFrom('a', 'b', 'c'),
  ours: boolean(),
  lag: integer({ min: 0, max: 3 }),
})

/** An API server with a history, a watch that lags behind, and replies that take their time. */
class World {
  readonly store: ObjectStore<ConfigMap>
  /** What everyone who listens has put together from what was told. */
  readonly mirror = new Map<string, string>()
  readonly #history: WatchEvent<ConfigMap>[] = []
  readonly #replies: ConfigMap[] = []
  #seen = 0

  constructor() {
    this.store = new ObjectStore<ConfigMap>({ watched: { type: configMaps }, project: o => o, log: recordedLog() })
    this.store.onChange(({ before, after }) => {
      const name = String((after ?? before)?.metadata.name)
      expect(this.mirror.get(name)).toBe(before?.metadata.resourceVersion)
      if (after) this.mirror.set(name, String(after.metadata.resourceVersion))
      else this.mirror.delete(name)
    })
    this.list(0)
  }

  /** The objects after so many events. */
  at(version: number): Map<string, ConfigMap> {
    const objects = new Map<string, ConfigMap>()
    for (const { type, object } of this.#history.slice(0, version)) {
      const name = String(object.metadata.name)
      if (type === 'DELETED') objects.delete(name)
      else objects.set(name, object)
    }
    return objects
  }

  get now(): number {
    return this.#history.length
  }

  write(name: string, ours: boolean): void {
    const object = configMap(name, String(this.now + 1))
    this.#history.push({ type: 'MODIFIED', object })
    if (ours) this.#replies.push(object)
  }

  delete(name: string): void {
    if (!this.at(this.now).has(name)) return
    this.#history.push({ type: 'DELETED', object: configMap(name, String(this.now + 1)) })
  }

  event(): void {
    const event = this.#history[this.#seen]
    if (!event) return
    this.#seen++
    this.store.observe(event)
  }

  reply(lag: number): void {
    const [object] = this.#replies.splice(Math.min(lag, this.#replies.length - 1), 1)
    if (object) this.store.learn(object)
  }

  /** A list of some versions ago; the watch goes on from there. */
  list(lag: number): void {
    const version = Math.max(0, this.now - lag)
    const objects = [...this.at(version).values()]
    this.store.listed(objects)
    this.store.listEnded(new Set(objects.map(object => printKey(keyOf(object)))), String(version))
    this.#seen = version
  }

  drain(): void {
    while (this.#replies.length > 0) this.reply(0)
    while (this.#seen < this.now) this.event()
  }
}

const play: Record<string, (world: World, step: { name: string; ours: boolean; lag: number }) => void> = {
  write: (world, { name, ours }) => world.write(name, ours),
  delete: (world, { name }) => world.delete(name),
  event: world => world.event(),
  reply: (world, { lag }) => world.reply(lag),
  list: world => world.list(0),
  staleList: (world, { lag }) => world.list(lag),
}

test('the store ends as the server is, and what was told puts the same together', () => {
  assert(
    property(array(steps, { maxLength: 60 }), script => {
      const world = new World()
      for (const { kind, ...step } of script) {
        play[kind]?.(world, step)
        const held = world.store.list().map(({ metadata }) => [metadata.name, metadata.resourceVersion])
        expect(new Map(world.mirror)).toEqual(new Map(held as [string, string][]))
      }
      world.drain()
      const truth = [...world.at(world.now).values()]
      expect(world.store.list()).toHaveLength(truth.length)
      expect(world.store.list()).toEqual(expect.arrayContaining(truth))
    }),
    { numRuns: 500 },
  )
})
