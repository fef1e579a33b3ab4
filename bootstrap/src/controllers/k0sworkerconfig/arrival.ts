// Where a machine stands that has its bootstrap data — core
import { dataSecret } from '@k0smotron-ts/api'
import type { JsonPatch, Node, Wait } from '@k0smotron-ts/runtime'
import { isRevoked } from './join-token.ts'
import type { Arrival, Observed } from './observed.ts'
import { isOfCloudController } from './worker-input.ts'

/**
 * `joining`: its token is kept good, and its node gets the provider ID. `joined`: the token is to be revoked. `over`:
 * nothing is left to do. A pool is never over: it can always grow.
 */
export type Stage = 'joining' | 'joined' | 'over'

export function stageOf(observed: Observed): Stage {
  const { machine, machinePool, secrets } = observed
  if (isLeaving(observed) || !observed.cluster) return 'over'
  if (machinePool) return 'joining'
  if (!machine) return 'over'
  if (!machine.status?.nodeRef) return 'joining'
  return secrets.joinToken && !isRevoked(secrets.joinToken) ? 'joined' : 'over'
}

/** What is being deleted joins nothing any more; its token ends by itself. */
export function isLeaving({ config, machine, machinePool, cluster }: Observed): boolean {
  return [config, machine, machinePool, cluster].some(object => object?.metadata.deletionTimestamp !== undefined)
}

/** The provider ID that we give to the node: core finds the node by it. `undefined`: there is none to give, or others give it. */
export function wantedProviderID(observed: Observed): string | undefined {
  return isOfCloudController(observed) ? undefined : observed.machine?.spec.providerID
}

/** The Machine that a node is of: by the label that our user data gives it, else by its name, which the user may have set aside. */
export function machineNameOf({ metadata }: Node): string {
  return metadata.labels?.[machineLabel] ?? metadata.name ?? ''
}

/** The value is the name of the Machine [API]. */
export const machineLabel = 'k0smotron.io/machine-name'

/** On a node whose kubelet waits for a cloud controller, which will set the provider ID. */
const uninitializedTaint = 'node.cloudprovider.kubernetes.io/uninitialized'

/** The patch that gives the node its provider ID; one that is there already, whatever it is, is left alone. */
export function providerIDPatch(observed: Observed, { node }: Arrival): JsonPatch | undefined {
  const value = wantedProviderID(observed)
  if (value === undefined || !node || node.spec?.providerID) return undefined
  if (node.spec?.taints?.some(({ key }) => key === uninitializedTaint)) return undefined
  return [
    { op: 'test', path: '/metadata/uid', value: node.metadata.uid },
    { op: 'add', path: '/spec/providerID', value },
  ]
}

/** Of those that may be the Machine's: what has the label rather than only the name, then what can still get the ID. */
export function nodeOf(observed: Observed, found: readonly Node[]): Node | undefined {
  const labelled = found.filter(({ metadata }) => metadata.labels?.[machineLabel] !== undefined)
  const candidates = labelled.length > 0 ? labelled : found
  const wanted = wantedProviderID(observed)
  const having = (id: string | undefined) => candidates.find(({ spec }) => (spec?.providerID || undefined) === id)
  return having(wanted) ?? having(undefined) ?? candidates[0]
}

/** The node has another provider ID than the Machine: core will never find it. */
export function mismatchOf(observed: Observed, { node }: Arrival): Wait | undefined {
  const wanted = wantedProviderID(observed)
  const found = node?.spec?.providerID
  if (wanted === undefined || !found || found === wanted) return undefined
  const message = `node ${node.metadata.name} has the provider ID ${found} and the Machine ${wanted}; it is left alone`
  return { reason: dataSecret.joinableReason.providerIDMismatch, message }
}
