// Server-side apply of what differs from our intent — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Applied } from '../contract/types.ts'
import { keyOf } from '../key.ts'
import { ContestedError, type ContestLog } from './contest.ts'
import { intentAnnotation, withIntent } from './intent.ts'
import type { Known } from './known.ts'
import { needOf } from './needs-apply.ts'
import { otherManagers } from './owned-fields.ts'
import { isOurs, NotOursError, remedyFor } from './ownership.ts'

export interface ApplyDeps {
  readonly client: Pick<Client, 'apply'>
  readonly known: Known
  readonly contests: ContestLog
  readonly fieldManager: string
  readonly now: () => Date
}

/**
 * Applies each object whose live copy does not carry our intent yet: one forced request per object that differs, none
 * for the rest. A refusal becomes the result of its object; the others go on.
 */
export function applyAll(deps: ApplyDeps, objects: readonly KubeObject[]): Promise<Applied[]> {
  return Promise.all(objects.map(object => applyOne(deps, object)))
}

async function applyOne(deps: ApplyDeps, object: KubeObject): Promise<Applied> {
  const desired = withIntent(object)
  try {
    return (await reconciled(deps, desired)) ? { object, result: 'applied' } : { object, result: 'unchanged' }
  } catch (error) {
    if (error instanceof ApiError || error instanceof NotOursError || error instanceof ContestedError) {
      return { object, result: 'refused', error }
    }
    throw error
  }
}

/** Whether a request was needed. */
async function reconciled(deps: ApplyDeps, desired: KubeObject): Promise<boolean> {
  const { client, known, fieldManager } = deps
  const owner = { manager: fieldManager }
  const type = known.typeOf(desired)
  const live = await known.live(type, keyOf(desired))
  if (live && !isOurs(live, desired, owner)) throw new NotOursError(live, remedyFor(live, desired))
  const need = needOf(desired, live, owner)
  if (need === 'unchanged') return false
  const intent = desired.metadata.annotations?.[intentAnnotation] ?? ''
  if (live && (need === 'taken' || deps.contests.hasApplied(uidOf(live), intent))) refuseContest(deps, live)
  const written = await client.apply(type, desired, { fieldManager })
  deps.contests.applied(uidOf(written), intent)
  return true
}

const uidOf = ({ metadata }: KubeObject): string => metadata.uid ?? ''

function refuseContest({ contests, fieldManager, now }: ApplyDeps, live: KubeObject): void {
  const { kind, metadata } = live
  const contest = contests.note(uidOf(live), otherManagers(live, { manager: fieldManager }), now())
  if (contest) throw new ContestedError(`${kind} ${metadata.name}`, contest)
}
