// Hosting nodes: machines of the lab that run the management cluster's pods — shell
import { randomUUID } from 'node:crypto'
import { rmdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Node, nodes } from '@k0smotron-ts/runtime'
import { clientOf } from '../../testenv/access/client.ts'
import { printKubeconfig } from '../../testenv/access/connection.ts'
import type { TestEnv } from '../../testenv/test-env.ts'
import { until } from '../../testenv/world/until.ts'
import { busyboxImage } from '../images/busybox.ts'
import { cloneStore } from '../images/store.ts'
import { diskFolder, type Hardware, installMachine } from '../machine/machine.ts'
import { machineFiles } from '../machine/machine-files.ts'
import { type LabPlan, planNode } from '../plan.ts'
import { memberServices, membershipFiles, nodeFiles } from './node-files.ts'

export interface NodeParts {
  /** The machine root. */
  readonly root: string
  /** A containerd folder with the images that the node starts with. */
  readonly store: string
  readonly programs: Readonly<Record<'kubelet' | 'kube-proxy', string>>
}

/** Installs hosting node `number` and switches it on; it runs containerd and waits to become a member. */
export async function bootNode(plan: LabPlan, number: number, parts: NodeParts): Promise<Hardware> {
  const { name, address, podCidr } = planNode(plan, number)
  const { network } = plan
  const id = randomUUID().replaceAll('-', '')
  const hardware = await installMachine(plan, parts.root, {
    name,
    address,
    // Services answer on every node; the router asks the first one.
    routes: number === 1 ? [podCidr, network.serviceCidr] : [podCidr],
    files: [
      ...machineFiles({ name, id, nameServer: network.gateway }),
      ...nodeFiles({ name, address, podCidr, network, sandboxImage: busyboxImage }),
    ],
    readOnly: Object.fromEntries(
      Object.entries(parts.programs).map(([program, path]) => [`/usr/local/bin/${program}`, path]),
    ),
  })
  const images = diskFolder(hardware.folder, 'containerd')
  await rmdir(images)
  await cloneStore(parts.store, images)
  await hardware.powerOn()
  return hardware
}

/** Makes the node a member of the management cluster; its Node object appears and gets Ready by itself. */
export async function joinNode(hardware: Hardware, env: TestEnv): Promise<void> {
  const [kubelet, kubeProxy] = await Promise.all([
    env.connectionFor({ user: `system:node:${hardware.name}`, groups: ['system:nodes'] }),
    env.connectionFor({ user: 'system:kube-proxy' }),
  ])
  const membership = {
    clientCa: env.connection.ca,
    kubelet: printKubeconfig(kubelet),
    kubeProxy: printKubeconfig(kubeProxy),
  }
  await hardware.writeFiles(membershipFiles(membership))
  await hardware.exec(['systemctl', 'start', '--no-block', ...memberServices])
}

/** Imports an image archive into the node's containerd, as a registry's image would be there after a pull. */
export async function importIntoNode(node: Hardware, archive: Readable): Promise<void> {
  await node.exec(['ctr', '--namespace', 'k8s.io', 'images', 'import', '-'], archive)
}

/** Resolves when the management cluster says that all of these nodes are Ready. */
export async function untilNodesReady(members: readonly Hardware[], env: TestEnv): Promise<void> {
  await using client = clientOf(env.connection, 'lab')
  for (const member of members)
    await until(client, { type: nodes, key: { name: member.name } }, isReady).catch(async () => {
      throw await notReady(member)
    })
}

const isReady = (node: Node | undefined): boolean =>
  node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

async function notReady(node: Hardware): Promise<Error> {
  const lines = (await node.journal()).trimEnd().split('\n').slice(-20)
  return new Error(`${node.name} is not Ready after a minute; its journal ends:\n${lines.join('\n')}`)
}
