// kwok: nodes without machines, on which pods get ready and volumes get bound — shell
import type { ResourceType } from '@k0smotron-ts/api'
import { type Node, nodes } from '@k0smotron-ts/runtime'
import { startComponent } from '../workspace/component.ts'
import { until } from '../world/until.ts'
import { kwokAnnotation, kwokArguments } from './arguments.ts'
import { type ControlPlane, connectAs, writeKubeconfig } from './control-plane.ts'
import type { PartDeps } from './part.ts'

const storageClasses: ResourceType = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
}

/** Claims without a class get this one. */
const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'kwok-volume', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kwok.x-k8s.io/volume',
}

export async function startKwok({ workspace, controlPlane, files }: PartDeps): Promise<void> {
  const connection = await connectAs(controlPlane, { commonName: 'kwok', organizations: ['system:masters'] })
  const kubeconfig = await writeKubeconfig(workspace, 'kwok', connection)
  startComponent(workspace, {
    name: 'kwok',
    path: files.kwok,
    args: kwokArguments(kubeconfig, files['kwok-stages.yaml']),
  })
  await controlPlane.client.create(storageClasses, storageClass)
}

/** A node that kwok plays, with room for a thousand pods; resolves when pods are let on it. */
export async function addKwokNode({ client }: ControlPlane, name: string): Promise<void> {
  const metadata = { name, labels: { 'kubernetes.io/hostname': name }, annotations: { [kwokAnnotation]: 'fake' } }
  const node = await client.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata })
  const room = { cpu: '1000', memory: '1Ti', pods: '1000', 'ephemeral-storage': '1Ti' }
  const options = { fieldManager: 'kwok-node', subresource: 'status' } as const
  await client.apply(nodes, { ...node, metadata: { name }, status: { allocatable: room, capacity: room } }, options)
  await until(client, { type: nodes, key: { name } }, isOpen)
}

/** The controller manager keeps pods away until the node is Ready, and for a moment longer. */
function isOpen(node: Node | undefined): boolean {
  const isReady = node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  return isReady && (node?.spec?.taints ?? []).length === 0
}
