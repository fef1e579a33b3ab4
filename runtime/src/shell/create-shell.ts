// Makes the Shell of a pass: what a reconciler may do to the world — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type ApplyDeps, applyAll } from '../apply/apply.ts'
import { ContestLog } from '../apply/contest.ts'
import { report } from '../apply/report.ts'
import type { SharedCache } from '../cache/cache.ts'
import { ApiError, isAlreadyExists, isInvalid } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Controller, Pass, Reader, Shell } from '../contract/types.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { keyOf } from '../key.ts'
import { createKnown } from './known-from-cache.ts'
import { type WritingClient, writingClient } from './writing-client.ts'

/** A cluster that a pass reads and writes. Today there is one: the management cluster. */
export interface Site {
  readonly client: Client
  readonly cache: SharedCache
  /** Who we are in managedFields. */
  readonly fieldManager: string
}

export interface ShellDeps {
  readonly site: Site
  readonly controller: Controller
  readonly recorder: Pick<EventRecorder, 'record'>
  readonly clock: Clock
}

/** One per controller; what it returns is called once per pass. */
export function createShells({ site, controller, recorder, clock }: ShellDeps): (pass: Pass) => Shell {
  const { cache, fieldManager } = site
  const watched = controller.wakes.map(wake => wake.watched)
  const learn: SharedCache['learn'] = (type, written) => cache.learn(type, written)
  const contests = new ContestLog()
  const now = () => clock.now()
  return pass => {
    const { read, log } = pass
    const client = writingClient({ client: site.client, learn }, pass)
    const applying: ApplyDeps = {
      client,
      contests,
      fieldManager,
      now,
      known: createKnown({ watched, read, client }),
    }
    return {
      read,
      log,
      now,
      client,
      apply: objects => applyAll(applying, objects),
      mint: (type, object) => mint({ client, learn, read }, type, object),
      renew: (type, object) => client.replace(type, object),
      patch: (type, object, { operations, ...options }) =>
        guarded(client.patchJson(type, keyOf(object), operations, { fieldManager, ...options })),
      delete: async (type, object, options) => {
        const { uid } = object.metadata
        await client.delete(type, keyOf(object), { ...options, ...(uid !== undefined && { uid }) })
      },
      evict: async object => {
        const { uid } = object.metadata
        await client.evict(keyOf(object), { ...(uid !== undefined && { uid }) })
      },
      report: (type, object, status) => report({ client, fieldManager, now }, { type, object, draft: status }),
      event: (about, note) => recorder.record(about, note),
    }
  }
}

/** A `test` of a JSON patch that fails comes back as Invalid; it means that someone wrote in between, which is a Conflict. */
async function guarded<T>(patched: Promise<T>): Promise<T> {
  try {
    return await patched
  } catch (error) {
    if (!isInvalid(error) || error.causes.length > 0) throw error
    const { message, request, code } = error
    throw new ApiError({ reason: 'Conflict', message, request, code, cause: error })
  }
}

interface Minting {
  readonly client: WritingClient
  readonly learn: SharedCache['learn']
  readonly read: Reader
}

/**
 * Create-only. What is there already wins, whoever made it; only then is it read. One that the cache cannot see (of
 * someone else, without the label by which it knows ours) stands in the pass's way: its going has to wake it.
 */
async function mint<T extends KubeObject>(
  { client, learn, read }: Minting,
  type: ResourceType<T>,
  object: T,
): Promise<T> {
  try {
    return await client.create(type, object)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const live = await client.get(type, keyOf(object))
    if (!live) throw error // deleted in between: the next pass makes it
    learn(type, live)
    if (!read.get(type, keyOf(live))) await read.referenced(type, keyOf(live))
    return live
  }
}
