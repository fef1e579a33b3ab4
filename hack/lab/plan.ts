// Where everything of a lab is: names, addresses and paths follow from its name and its index — core

/** A lab has one /16 of its own, so that several labs and the host route to each other without overlap. */
export interface LabPlan {
  readonly name: string
  /** Chooses the /16; unique among the labs of this host. */
  readonly index: number
  /** Everything that the lab writes to disk. */
  readonly directory: string
  /** The network namespace of the management cluster; `ip netns` knows it by this name. */
  readonly namespace: string
  /** Path below the root of every cgroup hierarchy. */
  readonly cgroup: string
  readonly network: LabNetwork
}

export interface LabNetwork {
  readonly cidr: string
  readonly machineCidr: string
  /** The management cluster's API server and CoreDNS, and every machine's default gateway. */
  readonly gateway: string
  readonly uplink: { readonly device: string; readonly host: string; readonly lab: string; readonly prefix: number }
  readonly serviceCidr: string
  /** First address of `serviceCidr`: the Service `kubernetes`. */
  readonly apiService: string
  readonly podCidr: string
}

export const maxNodes = 3
const machineAddresses = { first: 32, last: 254 }
const namespacePrefix = 'k0smotron-ts'
/** Holds the cgroups of all labs of a host. */
export const allLabsCgroup = 'k0smotron-ts'

const namePattern = /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/

/** Throws for a name that cannot be part of a namespace, cgroup and folder name at once. */
export function checkLabName(name: string): void {
  if (!namePattern.test(name)) throw new Error(`A lab's name must match ${namePattern}: ${name}`)
}

export function planLab(lab: { name: string; index: number; directory: string }): LabPlan {
  checkLabName(lab.name)
  return {
    ...lab,
    namespace: `${namespacePrefix}.${lab.name}`,
    cgroup: `${allLabsCgroup}/${lab.name}`,
    network: planNetwork(lab.index),
  }
}

function planNetwork(index: number): LabNetwork {
  const net = networkPrefix(index)
  return {
    cidr: `${net}.0.0/16`,
    machineCidr: `${net}.0.0/24`,
    gateway: `${net}.0.1`,
    uplink: { device: `k0smotron${index}`, host: `${net}.1.1`, lab: `${net}.1.2`, prefix: 30 },
    serviceCidr: `${net}.16.0/20`,
    apiService: `${net}.16.1`,
    podCidr: `${net}.128.0/20`,
  }
}

// Clear of what k0s gives a workload cluster by default: 10.244.0.0/16 for pods, 10.96.0.0/12 for Services. The last two are
// set aside for tests of networks: many a host has a route for all of 10.0.0.0/8.
const networkPrefix = (index: number): string => (index < 16 ? `10.${200 + index}` : `198.${2 + index}`)

export const maxLabs = 18

/**
 * The lowest index that no lab holds and whose /16 has no address in common with a network of the host: not even with a
 * wider one, which would lose that part. The default route is for what is nowhere else.
 */
export function freeIndex(taken: readonly number[], hostNetworks: readonly string[]): number | undefined {
  const ranges = hostNetworks.flatMap(network => rangeOf(network) ?? [])
  const clashes = (index: number): boolean => {
    const own = rangeOf(`${networkPrefix(index)}.0.0/16`)
    return ranges.some(({ first, last }) => own !== undefined && first <= own.last && own.first <= last)
  }
  return Array.from({ length: maxLabs }, (_, index) => index).find(index => !taken.includes(index) && !clashes(index))
}

/** As `ip route` prints it; `undefined` for the default route, also where a VPN puts two halves in its place. */
function rangeOf(network: string): { readonly first: number; readonly last: number } | undefined {
  const [address = '', bits = '32'] = network.split('/')
  if (address === 'default' || Number(bits) < 2) return undefined
  const size = 2 ** (32 - Number(bits))
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return { first, last: first + size - 1 }
}

/** What one hosting node is called and where it is; `number` starts at 1. */
export function planNode(plan: LabPlan, number: number): { name: string; address: string; podCidr: string } {
  const net = networkPrefix(plan.index)
  return { name: `node-${number}`, address: `${net}.0.${10 + number}`, podCidr: `${net}.${127 + number}.0/24` }
}

/** The lowest machine address that is not in use. */
export function freeMachineAddress(plan: LabPlan, taken: ReadonlySet<string>): string {
  for (let last = machineAddresses.first; last <= machineAddresses.last; last++) {
    const address = `${networkPrefix(plan.index)}.0.${last}`
    if (!taken.has(address)) return address
  }
  throw new Error(`All machine addresses of ${plan.network.machineCidr} are in use`)
}

/** A machine's network namespace; the dot keeps lab `a` with machine `b-c` apart from lab `a-b` with machine `c`. */
export const machineNamespace = (plan: LabPlan, machine: string): string => `${plan.namespace}.${machine}`

/** Whether a network namespace belongs to this lab or to one of its machines. */
export const isNamespaceOf = (plan: LabPlan, namespace: string): boolean =>
  namespace === plan.namespace || namespace.startsWith(`${plan.namespace}.`)
