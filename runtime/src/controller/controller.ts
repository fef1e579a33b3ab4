// Runs a controller: changes become keys, keys become passes, and every pass has one end — shell
import { randomUUID } from 'node:crypto'
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import type { Cache } from '../cache/types.ts'
import type { Clock } from '../clock.ts'
import { isRace } from '../contract/race.ts'
import type { Controller, Outside } from '../contract/types.ts'
import { isSameKind } from '../contract/wake.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { keyOf, parseKey, printKey } from '../key.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PassResult } from '../metrics/reconcile-metrics.ts'
import { WorkQueue } from '../queue/work-queue.ts'
import { FailingKeys } from './failing-keys.ts'
import { reportLeftOut } from './left-out.ts'
import { type OwnWrite, OwnWrites } from './own-writes.ts'
import { type ControllerSetup, type Ending, runPass } from './pass.ts'
import { createPassReader, createStoreReader } from './reader.ts'
import { createReferences } from './references.ts'
import { retryAfterOf } from './retry-after.ts'
import { feedWakes } from './wake-feed.ts'

export interface ControllerDeps {
  readonly cache: Cache
  readonly clock: Clock
  readonly events: Pick<EventRecorder, 'record'>
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'queue' | 'reconcile'>
  readonly random: () => number
}

/** Keys gather from the beginning; passes run between `start` and `stop`. */
export interface RunningController {
  start(): void
  /** Takes no further key; resolves when the last pass is over. */
  stop(): Promise<void>
}

/** Declares the list-watches to the cache at once, so that the cache can be started after. */
export function createController(setup: ControllerSetup, deps: ControllerDeps): RunningController {
  const { controller, concurrency } = setup
  const { clock, metrics, random } = deps
  const log = deps.log.child({ controller: controller.name })
  const stores = createStoreReader(deps.cache, controller)
  const reader = createPassReader(stores, deps.cache, controller)
  const references = createReferences(deps.cache, id => queue.add(id))
  const ownWrites = new OwnWrites()
  const failing = new FailingKeys()
  const elapsed = () => clock.elapsed()
  const passes = metrics.reconcile(controller.name, { concurrency, active: () => queue.active })
  const observer = metrics.queue(controller.name, () => queue)

  const work = async (id: string): Promise<void> => {
    const passLog = log.child({ reconcileID: randomUUID(), [controller.primary.kind]: id })
    const startedAt = clock.elapsed()
    const ending = await runPass(id, passLog, { setup, stores, reader, references, ownWrites, failing, elapsed })
    conclude(id, ending, { queue, log: passLog })
    const tookMs = clock.elapsed() - startedAt
    passes.passed(resultOf(ending), tookMs)
    passLog.debug({ ending: ending.kind, tookMs: Math.round(tookMs) }, 'Pass ended')
  }

  const queue: WorkQueue = new WorkQueue({ concurrency, clock, random, observer, work })
  const wake = (key: ObjectKey, by?: OwnWrite): void => {
    const id = printKey(key)
    if (by?.writer !== id) queue.add(id)
    else if (by.part === 'object') queue.add(id, 'ownWrite')
  }
  const listening = new AbortController()
  feedWakes({ ...setup, ...deps, log, stores, ownWrites, wake })
  const leftOut = reportLeftOut(setup, deps)
  deps.cache.unreadable.onChange(type => {
    if (controller.wakes.some(({ watched }) => isSameKind(watched.type, type))) wakeAll(deps.cache, controller, wake)
  })

  return {
    start: () => {
      queue.start(id => hasNews(stores.get(controller.primary, parseKey(id))))
      controller.listen?.(wake, listening.signal, outsideOf(queue))
      leftOut.start()
    },
    stop: () => {
      listening.abort()
      return queue.stop()
    },
  }
}

function outsideOf(queue: WorkQueue): Outside {
  return { away: key => queue.away(printKey(key)), invite: key => queue.invite(printKey(key)) }
}

/** Whoever needs the kind says that it is missing, or goes on: which objects those are, only their passes know. */
function wakeAll(cache: Cache, { primary, wakes }: Controller, wake: (key: ObjectKey) => void): void {
  for (const { watched } of wakes) {
    if (isSameKind(watched.type, primary)) for (const object of cache.watched(watched).list()) wake(keyOf(object))
  }
}

/** Its spec was not evaluated yet, or it is gone; any other is only looked at after a start. */
function hasNews(
  object: (KubeObject & { readonly status?: { readonly observedGeneration?: number } }) | undefined,
): boolean {
  return (
    object?.status?.observedGeneration === undefined || object.status.observedGeneration !== object.metadata.generation
  )
}

/** All there is of retry policy. */
function conclude(
  id: string,
  ending: Ending,
  { queue, log }: { readonly queue: WorkQueue; readonly log: Logger },
): void {
  switch (ending.kind) {
    case 'awaitChange':
    case 'unreadable':
      queue.forget(id)
      break
    case 'requeueAfter':
      if (ending.milliseconds <= 0) queue.addOverdue(id)
      else {
        queue.forget(id)
        queue.addAfter(id, ending.milliseconds)
      }
      break
    case 'failed':
      queue.retry(id, retryAfterOf(ending.error))
      log[isRace(ending.error) ? 'debug' : 'error']({ error: ending.error }, 'Pass failed, trying again')
      break
  }
}

function resultOf({ kind }: Ending): PassResult {
  if (kind === 'awaitChange' || kind === 'unreadable') return 'success'
  return kind === 'requeueAfter' ? 'requeue_after' : 'error'
}
