// What can run beside etcd and kube-apiserver — shell

import { isAnswered } from '../access/client.ts'
import { startComponent, untilReady } from '../workspace/component.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { controllerManagerArguments, schedulerArguments } from './arguments.ts'
import { startClusterApi } from './cluster-api.ts'
import { type ControlPlane, connectAs, writeKubeconfig } from './control-plane.ts'
import { startKwok } from './kwok.ts'
import type { Part } from './part.ts'

export type PartName = 'controllerManager' | 'scheduler' | 'kwok' | 'clusterApi'

export const parts: Readonly<Record<PartName, Part>> = {
  controllerManager: {
    files: ['kube-controller-manager'],
    async start({ workspace, controlPlane, files }) {
      const kubeconfig = await kubeconfigOf(workspace, controlPlane, 'system:kube-controller-manager')
      const args = controllerManagerArguments(controlPlane.paths, kubeconfig)
      const name = 'kube-controller-manager'
      const component = startComponent(workspace, { name, path: files[name], args })
      // The account without which no pod is admitted: the controllers work.
      const account = '/api/v1/namespaces/default/serviceaccounts/default'
      await untilReady(component, () => isAnswered(controlPlane.client, account))
    },
  },
  scheduler: {
    files: ['kube-scheduler'],
    async start({ workspace, controlPlane, files }) {
      const kubeconfig = await kubeconfigOf(workspace, controlPlane, 'system:kube-scheduler')
      const args = schedulerArguments(kubeconfig)
      startComponent(workspace, { name: 'kube-scheduler', path: files['kube-scheduler'], args })
    },
  },
  kwok: {
    files: ['kwok', 'kwok-stages.yaml'],
    start: startKwok,
  },
  clusterApi: {
    files: ['cluster-api-manager', 'cluster-api-components.yaml'],
    start: startClusterApi,
  },
}

async function kubeconfigOf(workspace: Workspace, controlPlane: ControlPlane, user: string): Promise<string> {
  const name = user.replace('system:', '')
  return writeKubeconfig(workspace, name, await connectAs(controlPlane, { commonName: user }))
}
