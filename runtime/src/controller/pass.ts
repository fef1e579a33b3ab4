// One pass: from a key to how it ended — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { Action, Controller, Pass, Shell, StoreReader } from '../contract/types.ts'
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

/** What a reconciler answered, or what it threw. */
export type Ending = Action | { readonly kind: 'failed'; readonly error: unknown }

export interface PassDeps {
  readonly stores: StoreReader
  readonly references: References
  readonly ownWrites: OwnWrites
}

/** Never throws: a failure is an ending. */
export async function runPass(
  id: string,
  log: Logger,
  { setup, stores, references, ownWrites }: PassDeps & { readonly setup: ControllerSetup },
): Promise<Ending> {
  const key = parseKey(id)
  const asked = references.begin(id)
  try {
    const read = { ...(isOurs(setup, stores, key) ? stores : without(setup, stores, key)), referenced: asked.read }
    const write: Pass['write'] = (target, send, learn) => ownWrites.send({ writer: id, target, send, learn })
    const action = await setup.controller.reconcile(key, setup.shellFor({ key, read, log, write }))
    asked.settle()
    return action
  } catch (error) {
    return { kind: 'failed', error }
  }
}

function isOurs({ controller, filter }: ControllerSetup, stores: StoreReader, key: ObjectKey): boolean {
  if (!filter) return true
  const object = stores.get(controller.primary, key)
  return !object || filter(object)
}

/** What another instance looks after is gone for us: its reconciler lets go of what it holds, and writes nothing. */
function without({ controller }: ControllerSetup, stores: StoreReader, key: ObjectKey): StoreReader {
  const isHidden = (type: ResourceType, { namespace, name }: ObjectKey) =>
    type === controller.primary && name === key.name && namespace === key.namespace
  return { ...stores, get: (type, asked) => (isHidden(type, asked) ? undefined : stores.get(type, asked)) }
}
