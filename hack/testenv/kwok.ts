// kwok: nodes without machines, on which pods get ready and volumes get bound — shell
import { kwokAnnotation, kwokArguments } from './arguments.ts'
import { startComponent } from './component.ts'
import { type ControlPlane, connectAs, writeKubeconfig } from './control-plane.ts'
import type { PartDeps } from './part.ts'

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
  await controlPlane.requests.post('/apis/storage.k8s.io/v1/storageclasses', storageClass)
}

/** A node that kwok plays, with room for a thousand pods. */
export async function addKwokNode({ requests }: ControlPlane, name: string): Promise<void> {
  await requests.post('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name }, annotations: { [kwokAnnotation]: 'fake' } },
  })
  const room = { cpu: '1000', memory: '1Ti', pods: '1000', 'ephemeral-storage': '1Ti' }
  await requests.apply(`/api/v1/nodes/${name}/status`, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { allocatable: room, capacity: room },
  })
}
