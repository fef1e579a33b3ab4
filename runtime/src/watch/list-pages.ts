// A list, page by page into the sink — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from '../client/api-error.ts'
import type { PageEnd, PageReader } from '../client/types.ts'
import { keyOf, printKey } from '../key.ts'
import { limits } from '../limits.ts'
import { reportLeftOut } from './left-out.ts'
import type { Followed } from './types.ts'

/**
 * A consistent list in pages, of which each object is forgotten before the next is read. `resourceVersion=0` would spare
 * old servers a read of etcd, but they ignore the limit then and send all at once (docs/adr/0003).
 * Resolves to the version of the list.
 */
export async function listPages<T extends KubeObject>(followed: Followed<T>, signal: AbortSignal): Promise<string> {
  const { client, type, selection, sink } = followed
  using time = timeFor(followed, signal)
  const ids = new Set<string>()
  const reader = readerOf(followed, ids)
  let limit = limits.pageObjects.value
  let more: { readonly continue?: string } = {}
  for (let pages = 0; pages < limits.pagesPerList.value; pages++) {
    // An object alone may be larger than a page should be.
    const maxBytes = limit === 1 ? limits.skippedBytes.value : limits.pageBytes.value
    const page = await client.page(type, { ...selection, ...more, limit, maxBytes, reader, signal: time.signal })
    limit = nextLimit(limit, page)
    if (limit === 0) throw endless(followed, `one object of more than ${maxBytes} bytes`)
    if (page.kind === 'cut') continue
    if (page.continue === undefined) {
      sink.listEnded(ids, page.resourceVersion)
      return page.resourceVersion
    }
    more = { continue: page.continue }
  }
  throw endless(followed, `more than ${limits.pagesPerList.value} pages`)
}

function readerOf<T extends KubeObject>(followed: Followed<T>, ids: Set<string>): PageReader<T> {
  return {
    object: object => {
      followed.sink.listed([object])
      ids.add(printKey(keyOf(object)))
    },
    leftOut: what => reportLeftOut(followed, what),
  }
}

/** Half of what fitted, because the rest may be larger; twice as many again where there is room. Zero: nothing fits. */
function nextLimit(limit: number, page: PageEnd): number {
  if (page.kind === 'cut') return Math.min(Math.max(1, Math.floor(page.objects / 2)), limit - 1)
  return page.bytes * 4 < limits.pageBytes.value ? Math.min(limits.pageObjects.value, limit * 2) : limit
}

function endless<T extends KubeObject>({ type }: Followed<T>, what: string): ApiError {
  return new ApiError({
    reason: 'TooLarge',
    message: `a list of more than is taken: ${what}`,
    request: `GET ${type.plural}`,
  })
}

interface ListTime extends Disposable {
  /** Aborted when the outer signal is, or when the list took too long. */
  readonly signal: AbortSignal
}

function timeFor<T extends KubeObject>({ clock, type }: Followed<T>, outer: AbortSignal): ListTime {
  const own = new AbortController()
  const stop = (): void => own.abort(outer.reason)
  const cancel = clock.after(limits.listMilliseconds.value, () => {
    own.abort(
      new ApiError({ reason: 'Timeout', message: 'the list did not end in time', request: `GET ${type.plural}` }),
    )
  })
  outer.addEventListener('abort', stop)
  if (outer.aborted) stop()
  return {
    signal: own.signal,
    [Symbol.dispose]: () => {
      cancel()
      outer.removeEventListener('abort', stop)
    },
  }
}
