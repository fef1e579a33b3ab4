// Tells on objects themselves that no memory is left for them — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { Cache } from '../cache/types.ts'
import type { EventNote } from '../contract/types.ts'
import { isSameKind } from '../contract/wake.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { keyOf, printKey } from '../key.ts'
import { limits } from '../limits.ts'
import type { ControllerSetup } from './pass.ts'

export interface LeftOutReports {
  /** Tells what waits: a process that only stands by leaves it to the one that works. */
  start(): void
}

interface LeftOutDeps {
  readonly cache: Pick<Cache, 'watched'>
  readonly events: Pick<EventRecorder, 'record'>
}

/** Of the objects that the controller reconciles. */
export function reportLeftOut(
  { controller, filter }: Omit<ControllerSetup, 'concurrency'>,
  deps: LeftOutDeps,
): LeftOutReports {
  const { primary, wakes } = controller
  const waiting = new Map<string, KubeObject>()
  let hasStarted = false
  const leftOut = (object: KubeObject): void => {
    if (filter && !filter(object)) return
    const about = identityOf(object)
    if (hasStarted) deps.events.record(about, note)
    else waiting.set(printKey(keyOf(object)), about)
  }
  for (const { watched } of wakes) {
    if (isSameKind(watched.type, primary)) deps.cache.watched(watched).onLeftOut(leftOut)
  }
  return {
    start: () => {
      hasStarted = true
      for (const about of waiting.values()) deps.events.record(about, note)
      waiting.clear()
    },
  }
}

/** What an Event needs of an object that is too large to be kept. */
function identityOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { namespace, name, uid } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(uid !== undefined && { uid }),
    },
  }
}

const inMebibytes = (bytes: number): string => `${bytes / 1_048_576} MiB`
const asLarge = `${limits.largeObjectBytes.value / 1_024} KiB`
const ofNamespace = inMebibytes(limits.largeObjectsOfNamespaceBytes.value)
const ofAll = inMebibytes(limits.largeObjectsBytes.value)

const note: EventNote = {
  type: 'Warning',
  reason: 'TooLarge',
  message: `The object is read anew in each pass, and not found by what it refers to: objects over ${asLarge} may take ${ofNamespace} of memory in one namespace and ${ofAll} in all, and there is no room for it, or for no more objects at all; make it smaller, delete others, or give the manager more memory`,
}
