// What is done for a machine that has its data, until it has joined — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  awaitChange,
  deadline,
  isNotFound,
  keyOf,
  nodes,
  type Shell,
  secrets,
  timeText,
} from '@k0smotron-ts/runtime'
import { mismatchOf, providerIDPatch, stageOf, wantedProviderID } from './arrival.ts'
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
import type { Arrival, Observed } from './observed.ts'
import { inWorkload, type OpenWorkload, openWorkload, type Surroundings } from './workload.ts'

/** Keeps the token good and gives the node its provider ID while the machine joins; then takes the token back. */
export async function followUp(observed: Observed, shell: Shell, around: Surroundings): Promise<Action> {
  const stage = stageOf(observed)
  if (stage !== 'joining') leave(keyOf(observed.config), around)
  if (stage === 'over') return awaitChange
  const workload = openWorkload(observed, around)
  if (workload.kind === 'closed') return workload.next
  return stage === 'joined' ? revoke(observed, shell, workload) : accompany(observed, shell, { workload, around })
}

/** Ends what is watched for the config in its hosted cluster. */
export function leave(key: ObjectKey, { tokens, nodes: nodeWatch }: Surroundings): void {
  tokens.leave(key)
  nodeWatch.leave(key)
}

interface Joining {
  readonly workload: OpenWorkload
  readonly around: Surroundings
}

async function accompany(observed: Observed, shell: Shell, joining: Joining): Promise<Action> {
  const due = await keepToken(observed, joining)
  await giveProviderID(observed, shell, joining)
  return deadline(awaitChange, observed.now, due) // nothing watched tells that a token nears its end
}

/** When the token is to be extended; `undefined` when there is none to keep, or what there is is not known yet. */
async function keepToken(observed: Observed, { workload, around }: Joining): Promise<Date | undefined> {
  const { joinToken } = observed.secrets
  const token = joinToken && parseJoinToken(joinToken)
  if (!token || isRevoked(joinToken)) return undefined
  const { client, cluster } = workload
  const looking = { user: keyOf(observed.config), subject: configLabelOf(observed.config) }
  const found = around.tokens.look(workload, looking)
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

function tokenKey(id: string): { readonly namespace: string; readonly name: string } {
  return { namespace: tokenNamespace, name: `bootstrap-token-${id}` }
}

async function giveProviderID(observed: Observed, shell: Shell, { workload, around }: Joining): Promise<void> {
  const subject = observed.machine?.metadata.name
  const user = keyOf(observed.config)
  if (wantedProviderID(observed) === undefined || subject === undefined) return around.nodes.leave(user)
  const found = around.nodes.look(workload, { user, subject })
  const [node] = found ?? []
  const arrival: Arrival = node ? { node } : {}
  const mismatch = mismatchOf(observed, arrival)
  if (mismatch) shell.event(observed.config, { type: 'Warning', reason: 'ProviderIDMismatch', message: mismatch })
  const patch = providerIDPatch(observed, arrival)
  if (!patch || !node) return
  const written = await inWorkload(workload, () => workload.client.patchJson(nodes, keyOf(node), patch))
  around.nodes.learn(workload.cluster, written)
}

/** The token is of no use to anyone any more. That it is gone is noted here, so that no later pass asks again. */
async function revoke(observed: Observed, shell: Shell, workload: OpenWorkload): Promise<Action> {
  const { joinToken } = observed.secrets
  const token = joinToken && parseJoinToken(joinToken)
  if (!token) return awaitChange
  await inWorkload(workload, () => workload.client.delete(secrets, tokenKey(token.id)))
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
  return awaitChange
}
