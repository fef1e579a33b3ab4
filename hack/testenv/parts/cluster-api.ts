// Cluster API core with its CRDs and webhooks, under the permissions that its own manifests give it — shell
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority, issue, type KeyPair } from '../access/certificates.ts'
import { connectWithToken } from '../access/identity.ts'
import { install } from '../install/install.ts'
import { readLog, startComponent, untilReady } from '../workspace/component.ts'
import { onFreePort } from '../workspace/ports.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { parseComponents, withWebhooksAt } from './cluster-api-components.ts'
import { writeKubeconfig } from './control-plane.ts'
import type { PartDeps } from './part.ts'

const namespace = 'capi-system'
const gates = 'ClusterTopology=true,MachinePool=true,RuntimeSDK=true,InPlaceUpdates=true,ReconcilerRateLimiting=false'

/** Resolves when its controllers work and its webhooks answer. */
export async function startClusterApi({ workspace, controlPlane, files }: PartDeps): Promise<void> {
  const objects = parseComponents(await readFile(files['cluster-api-components.yaml'], 'utf8'))
  const { folder, authority } = await writeServingCertificate(workspace)
  await onFreePort(async port => {
    const address = { url: `https://127.0.0.1:${port}`, caBundle: Buffer.from(authority.cert).toString('base64') }
    await install(
      controlPlane.client,
      objects.map(object => withWebhooksAt(object, address)),
    )
    const connection = await connectWithToken(controlPlane, { namespace, name: 'capi-manager' })
    const component = startComponent(workspace, {
      name: 'cluster-api-manager',
      path: files['cluster-api-manager'],
      env: { POD_NAMESPACE: namespace },
      args: [
        `--kubeconfig=${await writeKubeconfig(workspace, 'cluster-api-manager', connection)}`,
        `--webhook-port=${port}`,
        `--webhook-cert-dir=${folder}`,
        '--health-addr=127.0.0.1:0',
        '--diagnostics-address=127.0.0.1:0',
        '--insecure-diagnostics=true',
        `--feature-gates=${gates}`,
      ],
    })
    // Its health endpoint says ok seconds before the controllers work.
    await untilReady(component, () => readLog(component).includes('Starting workers'))
  })
}

async function writeServingCertificate({ dir }: Workspace): Promise<{ folder: string; authority: KeyPair }> {
  const folder = join(dir, 'cluster-api-webhook')
  const authority = await createAuthority('cluster-api-webhook')
  const leaf = await issue(authority, { commonName: 'cluster-api-webhook', addresses: ['127.0.0.1', 'localhost'] })
  await mkdir(folder)
  await writeFile(join(folder, 'tls.crt'), leaf.cert)
  await writeFile(join(folder, 'tls.key'), leaf.key, { mode: 0o600 })
  return { folder, authority }
}
