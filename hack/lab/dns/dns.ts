// CoreDNS as a process on the router's address: pods and machines ask it — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestEnv } from '../../testenv/test-env.ts'
import { startComponent, untilReady } from '../../testenv/workspace/component.ts'
import type { LabNetwork } from '../plan.ts'
import { corefile, readyPort } from './corefile.ts'

/** Resolves when it knows the cluster's Services; it ends with the environment. */
export async function startDns(env: TestEnv, network: LabNetwork, coredns: string): Promise<void> {
  const kubeconfig = await env.kubeconfigFor({ user: 'lab-dns', groups: ['system:masters'] })
  const path = join(env.dir, 'Corefile')
  await writeFile(path, corefile(network, kubeconfig))
  const component = startComponent(env.workspace, { name: 'coredns', path: coredns, args: ['-conf', path] })
  const url = `http://${network.gateway}:${readyPort}/ready`
  await untilReady(component, () =>
    fetch(url).then(
      response => response.ok,
      () => false,
    ),
  )
}
