// One Event as the API server has it: made, counted up, or found from an earlier process — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { isAlreadyExists, isNotFound } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import { type Clock, timeText } from '../clock.ts'
import type { EventNote } from '../contract/types.ts'
import { type Event, events } from '../kinds.ts'
import { type EventSource, namespaceOf, renderEvent } from './event.ts'

/** Within this time a repeated note costs nothing: a pass that runs again does not tell again. */
export const quietMs = 600_000

export interface EventWriterDeps {
  readonly client: Client
  readonly source: EventSource
  readonly clock: Clock
}

export interface PendingEvent {
  readonly about: KubeObject
  readonly note: EventNote
  readonly name: string
  /** How often it happened, this time included. */
  readonly count: number
}

/** Returns the count that the Event has now. */
export async function writeEvent(deps: EventWriterDeps, pending: PendingEvent): Promise<number> {
  return pending.count === 1 ? create(deps, pending) : countUp(deps, pending)
}

async function create(deps: EventWriterDeps, pending: PendingEvent): Promise<number> {
  try {
    return await createAnew(deps, pending)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return adopt(deps, pending)
  }
}

async function createAnew({ client, clock, source }: EventWriterDeps, pending: PendingEvent): Promise<number> {
  await client.create(events, renderEvent({ ...pending, source, now: clock.now() }))
  return 1
}

/** An Event of an earlier process: what was told lately is not told again. */
async function adopt(deps: EventWriterDeps, pending: PendingEvent): Promise<number> {
  const { client, clock } = deps
  const live = await client.get(events, { namespace: namespaceOf(pending.about), name: pending.name })
  const count = (live?.count ?? 0) + 1
  const isLate = !pending.note.isOnce && clock.now().getTime() - lastTime(live) >= quietMs
  return isLate ? countUp(deps, { ...pending, count }) : count
}

async function countUp(deps: EventWriterDeps, pending: PendingEvent): Promise<number> {
  const { client, clock } = deps
  const key = { namespace: namespaceOf(pending.about), name: pending.name }
  try {
    await client.patchMerge(events, key, { count: pending.count, lastTimestamp: timeText(clock.now()) })
    return pending.count
  } catch (error) {
    // Events live for an hour: this one begins anew. Whoever made it in between has told it.
    if (isNotFound(error)) return createAnew(deps, pending)
    throw error
  }
}

function lastTime(live: Event | undefined): number {
  const time = new Date(live?.lastTimestamp ?? 0).getTime()
  return Number.isNaN(time) ? 0 : time
}
