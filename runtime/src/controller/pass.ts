// One pass: from a key to how it ended — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { UnreadableKindError } from '../cache/unreadable.ts'
import type { Action, Controller, Pass, Reader, Shell, StoreReader } from '../contract/types.ts'
import { parseKey } from '../key.ts'
import type { Logger } from '../log.ts'
import type { OwnWrites } from './own-writes.ts'
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
  readonly stores: StoreReader
  readonly reader: Omit<Reader, 'referenced'>
  readonly references: References
  readonly ownWrites: OwnWrites
}

/** Never throws: a failure is an ending. */
export async function runPass(id: string, log: Logger, deps: PassDeps): Promise<Ending> {
  const { setup, references, ownWrites } = deps
  const key = parseKey(id)
  const asked = references.begin(id)
  const write: Pass['write'] = (target, send, learn) => ownWrites.send({ writer: id, target, send, learn })
  const shell = setup.shellFor({ key, read: { ...readerFor(key, deps), referenced: asked.read }, log, write })
  try {
    const action = await setup.controller.reconcile(key, shell)
    asked.settle()
    return action
  } catch (error) {
    if (!(error instanceof UnreadableKindError)) return { kind: 'failed', error }
    return reportUnreadable(setup.controller, { key, shell, error })
  }
}

interface Stopped {
  readonly key: ObjectKey
  readonly shell: Shell
  readonly error: UnreadableKindError
}

/** Where the object itself cannot be read, there is nothing to say it on. */
async function reportUnreadable(controller: Controller, { key, shell, error }: Stopped): Promise<Ending> {
  try {
    await controller.reportUnreadable?.(key, shell, error.message)
    return { kind: 'unreadable' }
  } catch (failure) {
    return failure instanceof UnreadableKindError ? { kind: 'unreadable' } : { kind: 'failed', error: failure }
  }
}

function readerFor(key: ObjectKey, { setup, stores, reader }: PassDeps): Omit<Reader, 'referenced'> {
  return isOurs(setup, stores, key) ? reader : without(setup, reader, key)
}

function isOurs({ controller, filter }: ControllerSetup, stores: StoreReader, key: ObjectKey): boolean {
  if (!filter) return true
  const object = stores.get(controller.primary, key)
  return !object || filter(object)
}

/** What another instance looks after is gone for us: its reconciler lets go of what it holds, and writes nothing. */
function without<R extends StoreReader>({ controller }: ControllerSetup, reader: R, key: ObjectKey): R {
  const isHidden = (type: ResourceType, { namespace, name }: ObjectKey) =>
    type === controller.primary && name === key.name && namespace === key.namespace
  return { ...reader, get: (type, asked) => (isHidden(type, asked) ? undefined : reader.get(type, asked)) }
}
