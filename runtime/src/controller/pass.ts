// One pass: from a key to how it ended — shell
import { failureReason, type KubeObject, type ObjectKey, type ResourceType } from '@k0smotron-ts/api'
import { failureOf } from '../apply/refusal.ts'
import { UnreadableKindError } from '../cache/unreadable.ts'
import type { Action, Controller, Failure, Pass, Reader, Shell } from '../contract/types.ts'
import { parseKey } from '../key.ts'
import type { Logger } from '../log.ts'
import type { FailingKeys } from './failing-keys.ts'
import { LeftOutReads } from './left-out-reads.ts'
import type { OwnWrites } from './own-writes.ts'
import type { CacheReader } from './reader.ts'
import type { References } from './references.ts'

/** One controller as the manager gets it. */
export interface ControllerSetup {
  readonly controller: Controller
  /** Makes the Shell of one pass. */
  readonly shellFor: (pass: Pass) => Shell
  readonly concurrency: number
  /** Which primary objects are ours to look at (a watch filter). Other kinds are never filtered: they may lack the label. */
  readonly filter?: (primary: KubeObject) => boolean
}

/** What a reconciler answered, or what it threw; `unreadable`: that it waits for a kind. */
export type Ending = Action | { readonly kind: 'failed'; readonly error: unknown } | { readonly kind: 'unreadable' }

export interface PassDeps {
  readonly setup: ControllerSetup
  /** Reads of a pass, and of whoever asks before it. */
  readonly stores: CacheReader
  readonly reader: Omit<Reader, 'referenced'>
  readonly references: References
  readonly ownWrites: OwnWrites
  readonly failing: FailingKeys
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number
}

/** Never throws: a failure is an ending. One before which nothing was reported is reported here, if it is the second in a row. */
export async function runPass(id: string, log: Logger, deps: PassDeps): Promise<Ending> {
  const { setup, references, ownWrites, failing, elapsed } = deps
  const key = parseKey(id)
  const asked = references.begin(id)
  const isFailingLong = failing.isFailingLong(id, elapsed())
  const write: Pass['write'] = (target, send, learn) => ownWrites.send({ writer: id, target, send, learn })
  const leftOut = new LeftOutReads(deps.stores.isLeftOut)
  const read = { ...hiding(key, deps, leftOut.over(deps.reader)), referenced: asked.read }
  const { shell, hasReported } = heard(setup.shellFor({ key, read, log, isFailingLong, write }))
  try {
    const action = await leftOut.complete(shell.client, () => setup.controller.reconcile(key, shell))
    asked.settle()
    failing.passed(id)
    return action
  } catch (error) {
    if (error instanceof UnreadableKindError) return endUnreadable(setup.controller, { key, shell, error })
    // one failure is no news: the next pass comes within milliseconds
    const isNews = failing.hasFailed(id) && !hasReported()
    failing.failed(id, elapsed())
    const failure = isNews ? failureOf(error, isFailingLong) : undefined
    if (failure) await sayFailure(setup.controller, { key, shell, failure })
    return { kind: 'failed', error }
  }
}

/** The shell, and whether a status was reported with it. */
function heard(shell: Shell): { readonly shell: Shell; readonly hasReported: () => boolean } {
  let reported = false
  const report: Shell['report'] = (type, object, status) => {
    reported = true
    return shell.report(type, object, status)
  }
  return { shell: { ...shell, report }, hasReported: () => reported }
}

interface Unsaid {
  readonly key: ObjectKey
  readonly shell: Shell
  readonly failure: Failure
}

/** The pass has failed already: that its status cannot be written either is for the log. */
async function sayFailure({ reportFailure }: Controller, { key, shell, failure }: Unsaid): Promise<void> {
  try {
    await reportFailure?.(key, shell, failure)
  } catch (error) {
    shell.log.debug({ error }, 'Failure cannot be reported')
  }
}

interface Stopped {
  readonly key: ObjectKey
  readonly shell: Shell
  readonly error: UnreadableKindError
}

/** Where the object itself cannot be read, there is nothing to say it on. */
async function endUnreadable(controller: Controller, { key, shell, error }: Stopped): Promise<Ending> {
  try {
    await controller.reportFailure?.(key, shell, { reason: failureReason.waitingForKind, message: error.message })
    return { kind: 'unreadable' }
  } catch (failure) {
    return failure instanceof UnreadableKindError ? { kind: 'unreadable' } : { kind: 'failed', error: failure }
  }
}

/** What another instance looks after is gone for us: its reconciler lets go of what it holds, and writes nothing. */
function hiding<R extends Pick<Reader, 'get'>>({ namespace, name }: ObjectKey, { setup }: PassDeps, reader: R): R {
  const { controller, filter } = setup
  if (!filter) return reader
  const isPrimary = (type: ResourceType, asked: ObjectKey): boolean =>
    type === controller.primary && asked.name === name && asked.namespace === namespace
  return {
    ...reader,
    get: (type, asked) => {
      const object = reader.get(type, asked)
      return object && isPrimary(type, asked) && !filter(object) ? undefined : object
    },
  }
}
