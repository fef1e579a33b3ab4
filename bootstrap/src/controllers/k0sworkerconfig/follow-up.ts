// What is done for a machine that has its data, until it has joined — shell
import { type ObjectKey, shortened } from '@k0smotron-ts/api'
import {
  type Action,
  awaitChange,
  type ConditionDraft,
  deadline,
  keyOf,
  nodes,
  type Shell,
} from '@k0smotron-ts/runtime'
import { mismatchOf, nodeOf, providerIDPatch, stageOf, wantedProviderID } from './arrival.ts'
import { ofForeigners } from './gate.ts'
import { restoreJoinToken } from './mint.ts'
import type { Arrival, Observed } from './observed.ts'
import { hinderedBy, knownHindrance } from './status.ts'
import { keepToken, revoke } from './token-life.ts'
import { inWorkload, type OpenWorkload, openWorkload, type Surroundings } from './workload.ts'

/** When to look again, and what hinders the machine from joining. */
export interface Followed {
  readonly next: Action
  readonly hindrance?: ConditionDraft | undefined
}

/** Keeps the token good and gives the node its provider ID while the machine joins; then takes the token back. */
export async function followUp(before: Observed, shell: Shell, around: Surroundings): Promise<Followed> {
  const stage = stageOf(before)
  if (stage !== 'joining') leave(keyOf(before.config), around)
  if (stage === 'over') return { next: awaitChange }
  const observed = stage === 'joining' ? await restoreJoinToken(before, shell) : before
  const unusable = ofForeigners(observed)
  if (unusable) return { next: awaitChange, hindrance: stage === 'joining' ? hinderedBy(unusable) : undefined }
  const workload = openWorkload(observed, around)
  if (workload.kind === 'closed') {
    const { next, wait } = workload
    return { next, hindrance: wait ? hinderedBy(wait) : knownHindrance(observed) }
  }
  if (stage === 'joining') return accompany(observed, { workload, around })
  await revoke(observed, shell, workload)
  return { next: awaitChange }
}

/** Ends what is watched for the config in its hosted cluster, and its waiting for the cluster; whoever goes on opens it again. */
export function leave(key: ObjectKey, { tokens, nodes: nodeWatch, workloads }: Surroundings): void {
  workloads.leave(key)
  tokens.leave(key)
  nodeWatch.leave(key)
}

interface Joining {
  readonly workload: OpenWorkload
  readonly around: Surroundings
}

async function accompany(observed: Observed, joining: Joining): Promise<Followed> {
  const due = await keepToken(observed, joining)
  const next = deadline(awaitChange, observed.now, due) // nothing watched tells that a token nears its end
  return { next, hindrance: await giveProviderID(observed, joining) }
}

/** What is in the way of it; while the nodes are not known yet, what was said before. */
async function giveProviderID(observed: Observed, { workload, around }: Joining): Promise<ConditionDraft | undefined> {
  const subject = observed.machine?.metadata.name
  const user = keyOf(observed.config)
  if (wantedProviderID(observed) === undefined || subject === undefined) {
    around.nodes.leave(user)
    return undefined
  }
  const found = around.nodes.look(workload, { user, subject: shortened(subject) })
  if (!found) return knownHindrance(observed)
  const node = nodeOf(observed, found)
  const arrival: Arrival = node ? { node } : {}
  const patch = providerIDPatch(observed, arrival)
  if (patch && node) {
    const written = await inWorkload(workload, () => workload.client.patchJson(nodes, keyOf(node), patch))
    around.nodes.learn(workload.cluster, written)
  }
  const mismatch = mismatchOf(observed, arrival)
  return mismatch && hinderedBy(mismatch)
}
