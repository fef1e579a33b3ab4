// A list, page by page into the sink — core
import type { KubeObject } from '@k0smotron-ts/api'
import { keyOf, printKey } from '../key.ts'
import type { Followed } from './types.ts'

/** A page of that size is a megabyte or so; half of what client-go asks for, for the sake of memory. */
const pageSize = 250

/**
 * A consistent list in pages, each forgotten before the next is asked for. `resourceVersion=0` would spare old servers a
 * read of etcd, but they ignore the limit then and send all at once: 20,000 objects cost 150 MB more (docs/adr/0003).
 * Resolves to the version of the list.
 */
export async function listPages<T extends KubeObject>(followed: Followed<T>, signal: AbortSignal): Promise<string> {
  const { client, type, selection, sink } = followed
  const wanted = { ...selection, limit: pageSize, signal }
  const ids = new Set<string>()
  let page = await client.list(type, wanted)
  for (;;) {
    sink.listed(page.items)
    for (const object of page.items) ids.add(printKey(keyOf(object)))
    if (!page.continue) break
    page = await client.list(type, { ...wanted, continue: page.continue })
  }
  sink.listEnded(ids, page.resourceVersion)
  return page.resourceVersion
}
