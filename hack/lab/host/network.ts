// Network namespaces of a lab: a router with a bridge, one namespace per machine, one way to the host and none beyond — shell
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isNamespaceOf, type LabPlan, machineNamespace } from '../plan.ts'
import { type Argv, run } from './command.ts'
import { killHard } from './kill.ts'

/** Stands before a program to run it in a network namespace. `ip netns exec` would hide /sys/fs/cgroup from it. */
export const enterNamespace = (namespace: string): Argv => ['nsenter', `--net=/run/netns/${namespace}`, '--']

/**
 * The lab has no default route and the host forwards nothing for it: what a pod sends to an address outside gets
 * "network unreachable" from the lab's own router. The host reaches everything in the lab; only the lab's namespace itself
 * (an API server that calls a webhook) may open a connection to the host, machines and pods may not.
 */
export async function createNetwork({ namespace, network }: LabPlan): Promise<void> {
  const { uplink, cidr, gateway } = network
  await run(['ip', 'netns', 'add', namespace])
  await ip(undefined, [
    `link add ${uplink.device} type veth peer name uplink netns ${namespace}`,
    `addr add ${uplink.host}/${uplink.prefix} dev ${uplink.device}`,
    `link set ${uplink.device} up`,
  ])
  await ip(namespace, [
    'link set lo up',
    'link add br0 type bridge',
    `addr add ${gateway}/24 dev br0`,
    'link set br0 up',
    `addr add ${uplink.lab}/${uplink.prefix} dev uplink`,
    'link set uplink up',
  ])
  await ip(undefined, [`route add ${cidr} via ${uplink.lab}`])
  // Pods of two nodes and the machines share one bridge: a redirect would make them bypass the router for good.
  const settings = ['net.ipv4.ip_forward=1', 'net.ipv4.conf.all.send_redirects=0', 'net.ipv4.conf.br0.send_redirects=0']
  await run([...enterNamespace(namespace), 'sysctl', '-q', '-w', ...settings])
  const rule =
    'table inet lab { chain forward { type filter hook forward priority 0; oifname "uplink" ct state new reject; }; }'
  await run([...enterNamespace(namespace), 'nft', rule])
}

export interface Attachment {
  readonly name: string
  readonly address: string
  /** Packets for these networks that reach the router go to this machine. */
  readonly routes?: readonly string[]
}

/** A namespace with `eth0` on the lab's bridge: all of it or nothing. */
export async function attachMachine(plan: LabPlan, machine: Attachment): Promise<void> {
  try {
    await attach(plan, machine)
  } catch (error) {
    await detachMachine(plan, machine.name).catch(() => undefined) // not even begun
    throw error
  }
}

async function attach(plan: LabPlan, machine: Attachment): Promise<void> {
  const namespace = machineNamespace(plan, machine.name)
  const port = `m${machine.address.split('.').at(-1)}`
  await run(['ip', 'netns', 'add', namespace])
  await ip(plan.namespace, [
    `link add ${port} type veth peer name eth0 netns ${namespace}`,
    `link set ${port} master br0 up`,
  ])
  await ip(namespace, [
    'link set lo up',
    `addr add ${machine.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${plan.network.gateway}`,
    'route add unreachable 169.254.0.0/16', // who looks for a cloud's metadata is told at once that there is none
  ])
  await ip(
    plan.namespace,
    (machine.routes ?? []).map(route => `route replace ${route} via ${machine.address}`),
  )
}

/** Interfaces, routes and rules go with the namespace. */
export const detachMachine = (plan: LabPlan, machine: string): Promise<string> =>
  run(['ip', 'netns', 'del', machineNamespace(plan, machine)])

/** Ends every process in the lab's namespace and those of its machines, and removes whichever are left of them. */
export async function destroyNetwork(plan: LabPlan): Promise<void> {
  const names = (await readdir('/run/netns').catch(() => [])).filter(name => isNamespaceOf(plan, name))
  await killIn(names)
  await removeDevice(plan.network.uplink.device)
  for (const name of names) await run(['ip', 'netns', 'del', name])
}

/** The kernel takes a namespace apart some time after its end; until then the host would keep a way to where nothing is. */
async function removeDevice(device: string): Promise<void> {
  const isThere = () => existsSync(`/sys/class/net/${device}`)
  if (!isThere()) return
  await run(['ip', 'link', 'del', device]).catch(error => {
    if (isThere()) throw error // else the kernel was faster
  })
}

/** A namespace lives as long as a process is in it, whatever is done to its name. */
async function killIn(names: readonly string[]): Promise<void> {
  const identities = await Promise.all(names.map(name => identityOf(`/run/netns/${name}`)))
  const ours = new Set(identities.filter(identity => identity !== undefined))
  for (;;) {
    const pids = await processesIn(ours)
    if (pids.length === 0) return
    pids.forEach(killHard)
    await delay(20)
  }
}

async function processesIn(namespaces: ReadonlySet<string>): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const identities = await Promise.all(pids.map(pid => identityOf(`/proc/${pid}/ns/net`)))
  return pids.filter((_, index) => namespaces.has(identities[index] ?? '')).map(Number)
}

// Device and inode are what makes two names of a namespace the same one. Absent: gone, or a zombie.
const identityOf = (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  )

/** Addresses and route destinations of the host, to keep a new lab clear of them. */
export async function hostNetworks(): Promise<string[]> {
  const text = await run(['ip', '-4', '-json', 'route', 'show', 'table', 'all'])
  return (JSON.parse(text) as { dst: string }[]).map(route => route.dst)
}

async function ip(namespace: string | undefined, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return
  await run(['ip', ...(namespace ? ['-netns', namespace] : []), '-batch', '-'], `${commands.join('\n')}\n`)
}
