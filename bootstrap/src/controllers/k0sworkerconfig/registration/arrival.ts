// Where a machine stands that has its bootstrap data — core
import { dataSecret, isPaused as isPausedBy } from '@k0smotron-ts/api'
import type { JsonPatch, Node, Wait } from '@k0smotron-ts/runtime'
import { hasPlaceholder } from '../../../cloudinit/placeholders.ts'
import { argumentsOf, isOfCloudController } from '../input/settings.ts'
import type { Observed } from '../observed.ts'
import { isRevoked } from '../token/join-token.ts'

/** Paused: nothing is written but the condition. */
export function isPaused({ cluster, config }: Observed): boolean {
  return isPausedBy(cluster, config)
}

/** What is being deleted joins nothing any more. */
export function isLeaving({ config, machine, machinePool, cluster }: Observed): boolean {
  return [config, machine, machinePool, cluster].some(object => object?.metadata.deletionTimestamp !== undefined)
}

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

/** The value is the name of the Machine. */
export const machineLabel = 'k0smotron.io/machine-name'

/** The Machine that a node is of: by the label that our user data gives it, else by its name. */
export function machineNameOf({ metadata }: Node): string {
  return metadata.labels?.[machineLabel] ?? metadata.name ?? ''
}

/** Whether the kubelet is told to wait for a cloud controller, which sets the provider ID. */
export function awaitsCloudController(observed: Observed): boolean {
  const args = argumentsOf(observed)
  return !('fault' in args) && isOfCloudController(args)
}

/** The provider ID that we give to the node: core finds the node by it. `undefined`: there is none to give, or others give it. */
export function wantedProviderID(observed: Observed): string | undefined {
  return awaitsCloudController(observed) ? undefined : observed.machine?.spec.providerID
}

/** The name under which the kubelet registers; `undefined` where only the machine knows it. */
export function announcedName(observed: Observed): string | undefined {
  const args = argumentsOf(observed)
  if ('fault' in args) return undefined
  const flag = '--hostname-override='
  const word = args.kubelet.findLast(one => one.startsWith(flag))
  return word === undefined || hasPlaceholder(word) ? undefined : word.slice(flag.length).toLowerCase()
}

/** What the watch shows of the Machine's node. */
export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'node'; readonly node: Node }
  /** Something is called like it, and must not get the provider ID. */
  | { readonly kind: 'impostor'; readonly wait: Wait }

/**
 * The node that has both the label and the name that its Machine's data gave it: whoever owns another node can give it
 * the label, and not the name.
 */
export function nodeOf(observed: Observed, candidates: readonly Node[]): Found {
  const name = announcedName(observed)
  const isNamed = ({ metadata }: Node) => name === undefined || metadata.name === name
  const isLabelled = ({ metadata }: Node) => metadata.labels?.[machineLabel] !== undefined
  const nodes = candidates.filter(node => isNamed(node) && isLabelled(node))
  const wanted = wantedProviderID(observed)
  const withProviderID = (id: string | undefined) => nodes.find(({ spec }) => (spec?.providerID || undefined) === id)
  const node = withProviderID(wanted) ?? withProviderID(undefined) ?? nodes[0]
  if (node) return { kind: 'node', node }
  const [other] = candidates
  if (!other || name === undefined) return { kind: 'none' }
  const lacks = isNamed(other)
    ? `lacks the label ${machineLabel}`
    : `has the label of this Machine, and not its name ${name}`
  const message = `node ${other.metadata.name} ${lacks}; it gets no provider ID`
  return { kind: 'impostor', wait: { reason: dataSecret.joinableReason.nodeMismatch, message } }
}

/** On a node whose kubelet waits for a cloud controller, which will set the provider ID. */
const uninitializedTaint = 'node.cloudprovider.kubernetes.io/uninitialized'

/** The patch that gives the node its provider ID; one that is there already, whatever it is, is left alone. */
export function providerIDPatch(observed: Observed, { metadata, spec }: Node): JsonPatch | undefined {
  const value = wantedProviderID(observed)
  if (value === undefined || spec?.providerID) return undefined
  if (spec?.taints?.some(({ key }) => key === uninitializedTaint)) return undefined
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'add', path: '/spec/providerID', value },
  ]
}

/** The node has another provider ID than the Machine: core will never find it. */
export function mismatchOf(observed: Observed, { metadata, spec }: Node): Wait | undefined {
  const wanted = wantedProviderID(observed)
  const found = spec?.providerID
  if (wanted === undefined || !found || found === wanted) return undefined
  const message = `node ${metadata.name} has the provider ID ${found} and the Machine ${wanted}; it is left alone`
  return { reason: dataSecret.joinableReason.providerIDMismatch, message }
}
