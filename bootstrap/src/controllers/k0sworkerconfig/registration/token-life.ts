// The bootstrap token in the workload cluster, from the data until the node — shell
import { dataSecret, tokenInData } from '@k0smotron-ts/api'
import {
  type Applied,
  guards,
  isNotFound,
  type KubeSecret,
  keyOf,
  type Shell,
  secrets,
  timeText,
  type Wait,
} from '@k0smotron-ts/runtime'
import { attempt, extendToken, projectToken, revokeToken } from '@k0smotron-ts/runtime/shell'
import { tokenSubjectOf } from '../identity.ts'
import type { Observed, Progress } from '../observed.ts'
import { isRevoked, revokedAnnotation } from '../token/join-token.ts'
import { inWorkload, type OpenWorkload, openWorkload, type Ports } from '../workload.ts'
import { type TokenPlan, tokenPlan } from './token-plan.ts'

const { joinable } = dataSecret

interface Keeping {
  readonly workload: OpenWorkload
  readonly tokens: Ports['tokens']
  readonly hasNode: boolean
}

/** The token as it is after this pass. */
export interface KeptToken {
  readonly applied: readonly Applied[]
  readonly live?: KubeSecret | undefined
  /** When it is to be looked at again: nothing watched tells that a token nears its end. */
  readonly due?: Date | undefined
  readonly wait?: Wait | undefined
}

/** `undefined`: there is none to keep, or what there is is not known yet. */
export async function keepToken(observed: Observed, keeping: Keeping): Promise<KeptToken | undefined> {
  const { workload, tokens, hasNode } = keeping
  const { joinToken } = observed.secrets
  const token = tokenInData(joinToken?.data)
  if (!joinToken || !token || isRevoked(joinToken)) return undefined
  const subject = tokenSubjectOf(observed.config)
  const found = tokens.look(workload, { user: keyOf(observed.config), subject: subject.value })
  if (!found) return undefined
  const plan = tokenPlan(observed, { token, found, hasNode })
  if (plan.kind === 'end' || plan.kind === 'keep') return { applied: [], ...plan }
  const { client, cluster } = workload
  const { now } = observed
  const write = async () =>
    plan.kind === 'create' ? projectToken(client, subject, { token, now }) : extendToken(client, plan.live, now)
  const { applied, result } = await inWorkload(workload, { object: joinToken, concerns: joinable, write })
  if (result) tokens.learn(cluster, result)
  return { applied: [applied], live: result, due: result && dueAfter(observed, result) }
}

/** What was written is known, whatever the watch shows. */
function dueAfter(observed: Observed, live: KubeSecret): Date | undefined {
  const token = tokenInData(observed.secrets.joinToken?.data)
  const plan: TokenPlan | undefined = token && tokenPlan(observed, { token, found: [live], hasNode: false })
  return plan?.kind === 'keep' ? plan.due : undefined
}

/** The token is of no use to anyone any more. That it is gone is noted here, so that no later pass asks again. */
export async function revoke(before: Progress, shell: Shell, workload: OpenWorkload): Promise<Progress> {
  const { joinToken } = before.observed.secrets
  const token = tokenInData(joinToken?.data)
  if (!joinToken || !token) return before
  const there = await inWorkload(workload, {
    object: joinToken,
    concerns: joinable,
    write: () => remove(before.observed, workload),
  })
  if (there.applied.error) return { ...before, applied: [...before.applied, there.applied] }
  const { annotations } = joinToken.metadata
  const revoked = { ...annotations, [revokedAnnotation]: timeText(before.observed.now) }
  const here = await attempt({
    object: joinToken,
    concerns: joinable,
    write: () =>
      shell.patch(secrets, joinToken, {
        operations: [...guards(joinToken), { op: 'add', path: '/metadata/annotations', value: revoked }],
      }),
  })
  // one that is gone cannot be noted on, and has nothing to revoke again
  return isNotFound(here.applied.error) ? before : { ...before, applied: [...before.applied, here.applied] }
}

/**
 * What is deleted before it joined leaves no way in. As far as the workload cluster answers: a deletion waits for nobody,
 * and a token that stays ends by itself. With the cluster its tokens go too.
 */
export async function revokeUnused(observed: Observed, shell: Shell, ports: Ports): Promise<void> {
  const { secrets: known, cluster } = observed
  if (!known.joinToken || isRevoked(known.joinToken) || !cluster || cluster.metadata.deletionTimestamp) return
  const workload = openWorkload(observed, ports)
  if (workload.kind === 'closed') return
  const { applied } = await inWorkload(workload, {
    object: known.joinToken,
    concerns: joinable,
    write: () => remove(observed, workload),
  })
  if (applied.error) shell.log.info({ reason: applied.error.message }, 'Leaving a bootstrap token to its end')
}

async function remove({ config, secrets: { joinToken } }: Observed, { client }: OpenWorkload): Promise<void> {
  const token = tokenInData(joinToken?.data)
  if (token) await revokeToken(client, tokenSubjectOf(config), token)
}
