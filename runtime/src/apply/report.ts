// One status apply per pass, skipped when nothing would change — shell
import type { Condition, KubeObject, ResourceType } from '@k0smotron-ts/api'
import { isNotFound } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import { conditionsOf } from '../conditions/conditions.ts'
import type { StatusDraft } from '../contract/types.ts'
import { stripEmpty } from './intent.ts'
import { agrees, fieldsOf, holdsAll, holdsMore } from './owned-fields.ts'

export interface ReportDeps {
  readonly client: Pick<Client, 'apply'>
  readonly fieldManager: string
  readonly now: () => Date
}

type Reportable = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } }

export interface StatusReport {
  readonly type: ResourceType
  readonly object: Reportable
  readonly draft: StatusDraft
}

/**
 * Applies the status to its subresource. What we render is compared by value: nothing rewrites or defaults a status on
 * its way in. Throws what the API server refuses, so that the pass fails and is repeated: a status is never lost.
 */
export async function report(deps: ReportDeps, { type, object, draft }: StatusReport): Promise<void> {
  const { generation, name, namespace, uid } = object.metadata
  const live = object.status?.conditions
  const conditions = conditionsOf(draft.conditions, { generation, live, now: deps.now() })
  // the server would keep an empty list as a field of ours that the next pass does not want
  const status = stripEmpty({ observedGeneration: generation, ...draft, conditions }) ?? {}
  if (isReported(object, status, deps.fieldManager)) return
  // the uid refuses to make an object again that was deleted meanwhile
  const metadata = { name, namespace, uid } as KubeObject['metadata']
  const desired = { apiVersion: object.apiVersion, kind: object.kind, metadata, status }
  try {
    await deps.client.apply(type, desired, { fieldManager: deps.fieldManager, subresource: 'status' })
  } catch (error) {
    if (!isNotFound(error)) throw error // nobody is left to be told
  }
}

function isReported(object: Reportable, status: object, manager: string): boolean {
  const fields = fieldsOf(object, { manager, subresource: 'status' })
  if (!fields) return false
  const wanted = { status }
  return holdsAll(fields, wanted) && !holdsMore(fields, wanted) && agrees(fields, wanted, object)
}
