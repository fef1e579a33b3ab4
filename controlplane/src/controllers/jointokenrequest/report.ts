// Reports where a JoinTokenRequest stands — shell
import { type JoinTokenRequestStatus, joinTokenCondition, joinTokenRequest } from '@k0smotron-ts/api'
import {
  type Applied,
  type ConditionDraft,
  isFailure,
  notesOf,
  type Shell,
  timeText,
  type Wait,
  withConditions,
} from '@k0smotron-ts/runtime'
import { type Refused, refusalOf } from '../../hosted/report/refused.ts'
import type { Observed } from './observed.ts'
import type { Issue } from './plan.ts'

const { joinTokenReason, joinTokenSecretCreated: type } = joinTokenCondition

interface StatusDraft extends Omit<JoinTokenRequestStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

/** The token can be used. */
export function issuedStatus(
  { request }: Observed,
  { cluster, issuedAt, expiresAt }: Issue,
  tokenID: string,
): StatusDraft {
  const { uid: clusterUID } = cluster.metadata
  const message = `Secret ${request.metadata.name} has the token${expiresAt ? `, good until ${timeText(expiresAt)}` : ''}`
  return {
    tokenID,
    issuedAt: timeText(issuedAt),
    ...(expiresAt && { expiresAt: timeText(expiresAt) }),
    ...(clusterUID !== undefined && { clusterUID }),
    conditions: [{ type, status: 'True', reason: joinTokenReason.created, message }],
  }
}

/** It cannot, and why. */
export function conditionOf({ reason, message }: Wait): ConditionDraft {
  return { type, status: 'False', reason, message }
}

/** All else that is known of it stays. */
export function waitingStatus({ request }: Observed, wait: Wait): StatusDraft {
  return withConditions(request.status, [conditionOf(wait)])
}

/** It was taken back. */
export function withdrawnStatus(wait: Wait): StatusDraft {
  return { conditions: [conditionOf(wait)] }
}

/** What was refused comes before what is waited for. */
export function refusedOr(applied: readonly Applied[], wait: Wait | undefined): Refused | undefined {
  return refusalOf(applied) ?? wait
}

/** One status apply, and an Event for what of it is news. */
export async function report(shell: Shell, { request }: Observed, status: StatusDraft, words?: string): Promise<void> {
  await shell.report(joinTokenRequest, request, status)
  for (const note of notesOf(request.status?.conditions, status.conditions, isFailure)) {
    shell.event(request, words === undefined ? note : { ...note, message: words })
  }
}
