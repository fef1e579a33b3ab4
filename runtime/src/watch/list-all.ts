// All pages of a list — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { ObjectList } from '../client/types.ts'
import type { Followed } from './types.ts'

/** As many as client-go asks for: a page of that size is a megabyte or two. */
const pageSize = 500

/**
 * The first list takes what the server has in its cache (`0`), so that a restart of many managers does not fall on etcd;
 * later ones are consistent, because the cache may be the very thing that was behind.
 */
export async function listAll<T extends KubeObject>(
  { client, type, selection }: Pick<Followed<T>, 'client' | 'type' | 'selection'>,
  consistent: boolean,
  signal: AbortSignal,
): Promise<ObjectList<T>> {
  const wanted = { ...selection, limit: pageSize, signal }
  let page = await client.list(type, consistent ? wanted : { ...wanted, resourceVersion: '0' })
  const items = [...page.items]
  while (page.continue) {
    page = await client.list(type, { ...wanted, continue: page.continue })
    items.push(...page.items)
  }
  return { items, resourceVersion: page.resourceVersion }
}
