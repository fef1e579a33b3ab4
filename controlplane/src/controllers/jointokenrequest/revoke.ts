// Takes a token back — shell
import { joinTokenCondition } from '@k0smotron-ts/api'
import { type Applied, type Shell, secrets, type Wait } from '@k0smotron-ts/runtime'
import { attempt, revokeToken } from '@k0smotron-ts/runtime/shell'
import { subjectOf } from './identity.ts'
import type { Observed } from './observed.ts'
import { isOwnedBy, tokenIn } from './token.ts'
import { inWorkload, openWorkload, type Ports } from './workload.ts'

const { joinTokenReason, joinTokenSecretCreated } = joinTokenCondition

export interface Revoked {
  readonly isDone: boolean
  readonly applied: readonly Applied[]
  readonly wait?: Wait
}

/** Every id that may be known in the workload cluster: a pass may have ended before it told. */
function idsOf({ request, secrets: known }: Observed): readonly string[] {
  const stored = known.token && isOwnedBy(known.token, request) ? tokenIn(known.token)?.id : undefined
  return [...new Set([stored, request.status?.tokenID].flatMap(id => id ?? []))]
}

/** With its Cluster a token goes too, and one that has ended lets nobody in. */
function isOver({ cluster, now, request }: Observed): boolean {
  const { clusterUID, expiresAt } = request.status ?? {}
  const isGone = !cluster || cluster.metadata.deletionTimestamp !== undefined
  const isOther = clusterUID !== undefined && clusterUID !== cluster?.metadata.uid
  return isGone || isOther || (expiresAt !== undefined && new Date(expiresAt) <= now)
}

/** Waits for the workload cluster to answer: a token that never ends would otherwise outlive who asked for it. */
export async function revoke(observed: Observed, ports: Ports): Promise<Revoked> {
  const { cluster, request, secrets: known } = observed
  const ids = idsOf(observed)
  if (ids.length === 0 || isOver(observed) || !cluster) return { isDone: true, applied: [] }
  if (!known.kubeconfig) return { isDone: false, applied: [], wait: until(observed, noKubeconfig) }
  const workload = openWorkload(observed, { cluster, kubeconfig: known.kubeconfig }, ports)
  if (workload.kind === 'closed') {
    return { isDone: false, applied: [], ...(workload.wait && { wait: until(observed, workload.wait) }) }
  }
  const asked = await inWorkload(workload, observed, async () => {
    for (const id of ids) await revokeToken(workload.client, subjectOf(request), { id })
  })
  if (asked.wait) return { isDone: false, applied: [], wait: until(observed, asked.wait) }
  return { isDone: asked.applied?.result === 'applied', applied: asked.applied ? [asked.applied] : [] }
}

const noKubeconfig: Wait = { reason: joinTokenReason.unreachable, message: 'there is no kubeconfig Secret' }

function until({ request }: Observed, { reason, message }: Wait): Wait {
  const { expiresAt } = request.status ?? {}
  const end = expiresAt === undefined ? 'for ever' : `until ${expiresAt}`
  return {
    reason,
    message: `waiting to take the token back: ${message}; or delete the Cluster, or take the finalizer off, and the token stays good ${end}`,
  }
}

/** What nobody may use any more is not left lying about. */
export async function deleteSecret({ request, secrets: known }: Observed, shell: Shell): Promise<readonly Applied[]> {
  const { token } = known
  if (!token || !isOwnedBy(token, request)) return []
  const write = () => shell.delete(secrets, token)
  return [(await attempt({ object: token, concerns: joinTokenSecretCreated, write })).applied]
}
