// The bootstrap token in the hosted cluster, from the data until the node — shell
import { isNotFound, keyOf, type Shell, secrets, timeText } from '@k0smotron-ts/runtime'
import {
  configLabelOf,
  expirationFrom,
  extensionDue,
  isRevoked,
  parseJoinToken,
  revokedAnnotation,
  tokenNamespace,
  tokenPlan,
  workloadTokenName,
} from './join-token.ts'
import { project } from './mint.ts'
import type { Observed } from './observed.ts'
import { inWorkload, type OpenWorkload, openWorkload, type Surroundings, WorkloadError } from './workload.ts'

interface Keeping {
  readonly workload: OpenWorkload
  readonly around: Pick<Surroundings, 'tokens'>
}

/** When the token is to be extended; `undefined` when there is none to keep, or what there is is not known yet. */
export async function keepToken(observed: Observed, { workload, around }: Keeping): Promise<Date | undefined> {
  const { joinToken } = observed.secrets
  const token = joinToken && parseJoinToken(joinToken)
  if (!token || isRevoked(joinToken)) return undefined
  const { client, cluster } = workload
  const found = around.tokens.look(workload, {
    user: keyOf(observed.config),
    subject: configLabelOf(observed.config),
  })
  const live = found?.find(({ metadata }) => metadata.name === workloadTokenName(token))
  if (!found) return undefined
  const plan = tokenPlan(observed, live ? { token: live } : {})
  if (plan === 'create') await project(observed, token, { workload, tokens: around.tokens }) // its coming wakes us
  if (!live || plan === 'keep') return live && extensionDue(live)
  const extended = await inWorkload(workload, () =>
    client.patchMerge(secrets, keyOf(live), { data: expirationFrom(observed.now) }),
  )
  around.tokens.learn(cluster, extended)
  return extensionDue(extended)
}

/** The token is of no use to anyone any more. That it is gone is noted here, so that no later pass asks again. */
export async function revoke(observed: Observed, shell: Shell, workload: OpenWorkload): Promise<void> {
  const { joinToken } = observed.secrets
  if (!joinToken || !(await remove(observed, workload))) return
  const { annotations } = joinToken.metadata
  const revoked = { ...annotations, [revokedAnnotation]: timeText(observed.now) }
  try {
    await shell.patch(secrets, joinToken, {
      operations: [
        { op: 'test', path: '/metadata/resourceVersion', value: joinToken.metadata.resourceVersion },
        { op: 'add', path: '/metadata/annotations', value: revoked },
      ],
    })
  } catch (error) {
    if (!isNotFound(error)) throw error // then there is nothing to note it on, and nothing to revoke again
  }
}

/**
 * What is deleted before it joined leaves no way in. As far as the hosted cluster answers: a deletion waits for nobody,
 * and a token that stays ends by itself. With the cluster its tokens go too.
 */
export async function takeBack(observed: Observed, shell: Shell, around: Surroundings): Promise<void> {
  const { secrets: known, cluster } = observed
  if (!known.joinToken || isRevoked(known.joinToken) || !cluster || cluster.metadata.deletionTimestamp) return
  const workload = openWorkload(observed, around)
  if (workload.kind === 'closed') return
  try {
    await remove(observed, workload)
  } catch (error) {
    if (!(error instanceof WorkloadError)) throw error
    shell.log.info({ reason: error.message }, 'Leaving a bootstrap token to its end')
  }
}

/** False: there is no token to remove. One that is gone already is fine. */
async function remove({ secrets: { joinToken } }: Observed, workload: OpenWorkload): Promise<boolean> {
  const token = joinToken && parseJoinToken(joinToken)
  if (!token) return false
  const key = { namespace: tokenNamespace, name: workloadTokenName(token) }
  await inWorkload(workload, () => workload.client.delete(secrets, key))
  return true
}
