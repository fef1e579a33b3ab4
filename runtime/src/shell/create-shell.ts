// Makes the Shell of a pass: what a reconciler may do to the world — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type ApplyDeps, applyAll } from '../apply/apply.ts'
import { ContestLog } from '../apply/contest.ts'
import { report } from '../apply/report.ts'
import type { SharedCache } from '../cache/cache.ts'
import { ApiError, isAlreadyExists, isInvalid } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Controller, Pass, Shell } from '../contract/types.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { keyOf } from '../key.ts'
import { createKnown } from './known-from-cache.ts'

export interface ShellDeps {
  readonly client: Client
  readonly cache: SharedCache
  readonly controller: Controller
  readonly recorder: Pick<EventRecorder, 'record'>
  readonly clock: Clock
  /** Who we are in managedFields. */
  readonly fieldManager: string
}

/** One per controller; what it returns is called once per pass. */
export function createShells({
  client,
  cache,
  controller,
  recorder,
  clock,
  fieldManager,
}: ShellDeps): (pass: Pass) => Shell {
  const watched = controller.wakes.map(wake => wake.watched)
  const { learn } = cache
  const contests = new ContestLog()
  const now = () => clock.now()
  return ({ read, log }) => {
    const deps: ApplyDeps = {
      client,
      contests,
      fieldManager,
      now,
      known: createKnown({ watched, read, client, learn }),
    }
    return {
      read,
      log,
      now,
      client,
      apply: objects => applyAll(deps, objects),
      mint: (type, object) => mint(deps, type, object),
      renew: async (type, object) => learnt(learn, type, await client.replace(type, object)),
      patch: async (type, object, { operations, fieldManager: manager = fieldManager }) =>
        learnt(
          learn,
          type,
          await guarded(client.patchJson(type, keyOf(object), operations, { fieldManager: manager })),
        ),
      delete: async (type, object, options) => {
        const { uid } = object.metadata
        await client.delete(type, keyOf(object), { ...options, ...(uid !== undefined && { uid }) })
      },
      report: (type, object, status) =>
        report({ client, fieldManager, now, learn: written => learn(type, written) }, { type, object, draft: status }),
      event: (about, note) => recorder.record(about, note),
    }
  }
}

/** A guard of a JSON patch that does not hold is answered like bad input: but someone was faster, and that is a conflict. */
async function guarded<T>(patched: Promise<T>): Promise<T> {
  try {
    return await patched
  } catch (error) {
    if (!isInvalid(error) || error.causes.length > 0) throw error
    const { message, request, code } = error
    throw new ApiError({ reason: 'Conflict', message, request, code, cause: error })
  }
}

/** Create-only. What is there already wins, whoever made it; only then is it read. */
async function mint<T extends KubeObject>({ client, known }: ApplyDeps, type: ResourceType<T>, object: T): Promise<T> {
  const remember = (written: T) => learnt(known.learn, type, written)
  try {
    return remember(await client.create(type, object))
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const live = await client.get(type, keyOf(object))
    if (!live) throw error // deleted in between: the next pass makes it
    return remember(live)
  }
}

type Learn = SharedCache['learn']

function learnt<T extends KubeObject>(learn: Learn, type: ResourceType, written: T): T {
  learn(type, written)
  return written
}
