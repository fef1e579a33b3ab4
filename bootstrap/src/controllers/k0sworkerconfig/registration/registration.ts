// The machine that has its data joins: its token is kept good, its node gets the provider ID, then the token is revoked — shell
import { dataSecret, shortened } from '@k0smotron-ts/api'
import {
  type Applied,
  awaitChange,
  type ConditionDraft,
  deadline,
  keyOf,
  nodes,
  type Shell,
  type Wait,
} from '@k0smotron-ts/runtime'
import type { Observed, Progress } from '../observed.ts'
import { joinBlocked, knownCondition } from '../report/status.ts'
import { unusableSecret } from '../token/join-token.ts'
import { expirationText, restoreJoinToken } from '../token/mint.ts'
import {
  type ClosedWorkload,
  inWorkload,
  leaveWorkload,
  type OpenWorkload,
  openWorkload,
  type Ports,
} from '../workload.ts'
import {
  awaitsCloudController,
  type Found,
  mismatchOf,
  nodeOf,
  providerIDPatch,
  stageOf,
  wantedProviderID,
} from './arrival.ts'
import { keepToken, revoke } from './token-life.ts'

const { joinable, joinableReason } = dataSecret

export async function register(stored: Progress, shell: Shell, ports: Ports): Promise<Progress> {
  if (!stored.isStored) return stored
  const stage = stageOf(stored.observed)
  if (stage === 'joining') return join(await restoreJoinToken(stored, shell), ports)
  leaveWorkload(keyOf(stored.observed.config), ports)
  if (stage === 'over' || unusableSecret(stored.observed)) return stored
  const workload = openWorkload(stored.observed, ports)
  return workload.kind === 'open' ? revoke(stored, shell, workload) : { ...stored, next: workload.next }
}

async function join(progress: Progress, ports: Ports): Promise<Progress> {
  const { observed } = progress
  const tokenExpiration = progress.tokenExpiration ?? observed.config.status?.joinTokenExpiration
  const unusable = unusableSecret(observed)
  if (unusable) return { ...progress, tokenExpiration, joinable: joinBlocked(unusable) }
  const workload = openWorkload(observed, ports)
  if (workload.kind === 'closed') return { ...progress, tokenExpiration, ...whileClosed(observed, workload, ports) }
  ports.silences.end(workload.cluster)

  const found = lookForNode(observed, workload, ports)
  const hasNode = found?.kind === 'node'
  const kept = await keepToken(observed, { workload, tokens: ports.tokens, hasNode })
  const given = hasNode ? await giveProviderID(observed, { found, workload, ports }) : []
  return {
    ...progress,
    applied: [...progress.applied, ...(kept?.applied ?? []), ...given],
    next: deadline(awaitChange, observed.now, kept?.due),
    tokenExpiration: kept ? kept.live && expirationText(kept.live) : tokenExpiration,
    joinable: inTheWay(observed, found, kept?.wait ?? tooManyObjects(observed, workload, ports)),
  }
}

/** Nothing new is known but that nobody answers; a moment of silence is nothing to write on every machine of a cluster. */
function whileClosed(observed: Observed, { wait, next }: ClosedWorkload, { silences }: Ports): Partial<Progress> {
  const known = knownCondition(observed, joinable)
  if (wait?.reason !== dataSecret.dataSecretReason.controlPlaneUnreachable) {
    return { next, joinable: wait ? joinBlocked(wait) : known }
  }
  const reportedAt = silences.reportedAt(keyOf(observed.cluster ?? observed.config), observed.now)
  if (reportedAt <= observed.now || known?.reason === wait.reason) return { next, joinable: joinBlocked(wait) }
  return { next: deadline(next, observed.now, reportedAt), joinable: known }
}

/** `undefined`: the nodes are not known yet. */
function lookForNode(observed: Observed, workload: OpenWorkload, { nodes: watch }: Ports): Found | undefined {
  const user = keyOf(observed.config)
  const machine = observed.machine?.metadata.name
  if (wantedProviderID(observed) === undefined || machine === undefined) {
    watch.leave(user)
    return { kind: 'none' }
  }
  const found = watch.look(workload, { user, subject: shortened(machine) })
  return found && nodeOf(observed, found)
}

function tooManyObjects({ config }: Observed, { cluster }: OpenWorkload, ports: Ports): Wait | undefined {
  const user = keyOf(config)
  const areNodes = ports.nodes.isInVain(cluster, user)
  if (!areNodes && !ports.tokens.isInVain(cluster, user)) return undefined
  const lack = areNodes
    ? 'nodes than are remembered: they get no provider ID'
    : 'bootstrap tokens than are remembered: none is extended'
  const message = `the workload cluster has more ${lack}; ten minutes later they are looked at again`
  return { reason: joinableReason.tooManyObjects, message }
}

interface Giving {
  readonly found: Extract<Found, { kind: 'node' }>
  readonly workload: OpenWorkload
  readonly ports: Ports
}

async function giveProviderID(
  observed: Observed,
  { found: { node }, workload, ports }: Giving,
): Promise<readonly Applied[]> {
  const patch = providerIDPatch(observed, node)
  if (!patch) return []
  const { applied, result } = await inWorkload(workload, {
    object: node,
    concerns: joinable,
    write: () => workload.client.patchJson(nodes, keyOf(node), patch),
  })
  if (result) ports.nodes.learn(workload.cluster, result)
  return [applied]
}

/** What keeps the machine from joining, or its node from being found; what was said before while nodes are not known. */
function inTheWay(observed: Observed, found: Found | undefined, wait: Wait | undefined): ConditionDraft | undefined {
  if (wait) return joinBlocked(wait)
  if (!found) return knownCondition(observed, joinable)
  if (found.kind === 'impostor') return joinBlocked(found.wait)
  const mismatch = found.kind === 'node' ? mismatchOf(observed, found.node) : undefined
  if (mismatch) return joinBlocked(mismatch)
  if (!observed.machine || !awaitsCloudController(observed)) return undefined
  const message = 'spec.args ask for a cloud controller: Cluster API waits until that gives the node its provider ID'
  return { type: joinable, status: 'Unknown', reason: joinableReason.waitingForCloudController, message }
}
