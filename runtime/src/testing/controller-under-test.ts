// A controller of an imagined kind, over a cache and a clock that a test moves — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { WatchedType } from '../cache/types.ts'
import type { Action, Controller, Pass, Shell } from '../contract/types.ts'
import { wakeOn } from '../contract/wake.ts'
import { createController, type RunningController } from '../controller/controller.ts'
import type { ControllerSetup } from '../controller/pass.ts'
import { keyOf, printKey } from '../key.ts'
import { createLogger } from '../log/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { type ManualClock, manualClock } from './clock.ts'
import { type MemoryCache, memoryCache } from './memory-cache.ts'

const type = (kind: string): ResourceType => ({
  group: 'example.org',
  version: 'v1',
  kind,
  plural: kind,
  namespaced: true,
})
export const widgets: ResourceType = type('Widget')
export const parts: ResourceType = type('Part')
export const secrets: ResourceType = type('Secret')

export function object({ kind }: ResourceType, name: string, labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'example.org/v1',
    kind,
    metadata: { namespace: 'ns', name, labels },
  }
}

export const widgetWatch: WatchedType = { type: widgets }
export const partWatch: WatchedType = {
  type: parts,
  indexes: { owner: ({ metadata }: KubeObject) => [metadata.labels?.owner ?? ''] },
}

type Reconcile = (key: ObjectKey, shell: Shell) => Promise<Action>

interface Fixture {
  readonly reconcile: Reconcile
  readonly more?: Partial<Controller>
  readonly setup?: Partial<ControllerSetup>
}

export interface ControllerUnderTest {
  readonly running: RunningController
  readonly cache: MemoryCache
  readonly clock: ManualClock
  /** What was logged. */
  readonly lines: Record<string, unknown>[]
  /** The keys of the passes so far. */
  readonly passes: string[]
  /** How many passes ended so. */
  readonly counted: (result: string) => Promise<string | undefined>
  readonly metrics: Metrics
}

export function controllerUnderTest({ reconcile, more, setup }: Fixture): ControllerUnderTest {
  const clock = manualClock()
  const cache = memoryCache()
  const metrics = createMetrics()
  const lines: Record<string, unknown>[] = []
  const log = createLogger({ level: 'debug', output: { write: line => void lines.push(JSON.parse(line)) } })
  const passes: string[] = []
  const controller: Controller = {
    name: 'widget',
    primary: widgets,
    wakes: [
      wakeOn(widgetWatch, widget => [keyOf(widget)]),
      wakeOn(partWatch, ({ metadata }) => {
        const name = metadata.labels?.owner
        if (name === undefined) throw new Error('a part without an owner')
        return [{ namespace: 'ns', name }]
      }),
    ],
    reconcile: (key, shell) => {
      passes.push(printKey(key))
      return reconcile(key, shell)
    },
    ...more,
  }
  // Applying and reporting are not the controller's: here a Shell is only what a pass is made of.
  const shellFor = (pass: Pass): Shell => pass as unknown as Shell
  const running = createController(
    { controller, shellFor, concurrency: 2, ...setup },
    { cache, clock, events: { record: () => undefined }, log, metrics, random: () => 0 },
  )
  const counted = async (result: string): Promise<string | undefined> => {
    const text = await metrics.registry.metrics()
    return text
      .split('\n')
      .find(line => line.includes(`reconcile_total{controller="widget",result="${result}"}`))
      ?.split(' ')[1]
  }
  return { running, cache, clock, lines, passes, counted, metrics }
}
