// From the first answer of a workload API to a kubeconfig that works — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type KubeObject, k0smotronControlPlane, namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { bundleManagers } from '@k0smotron-ts/hack/managers'
import {
  type Connection,
  clientOf,
  type Management,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { type Client, nodes, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { createClient, loadConnection, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { makeCluster, makeControlPlane, namespace } from './fleet/control-planes.ts'
import { startManager } from './measure/manager-process.ts'
import type { Scenario } from './scenario.ts'

const scenario = 'workload API'
const metric = 'first 200 on /readyz → first GET of a kubeconfig Secret that works'

export const answer: Scenario = {
  name: 'answer',
  description: 'from the first 200 of a workload API to a kubeconfig Secret that works',
  isSlow: false,
  async run({ rounds, say }) {
    say('a workload API')
    await using management = await startManagement({ clusterApiKinds: true })
    const bundle = join(management.env.dir, 'managers')
    await bundleManagers(bundle)
    await using _manager = await startManager(management, 'control-plane', bundle)
    const seconds: number[] = []
    for (let nth = 1; nth <= rounds; nth++) seconds.push(await measure(management, nth))
    return [{ scenario, metric, value: Math.min(...seconds), unit: 's', budget: 1 }]
  },
}

/** Each has a port of its own: the addresses of those before are taken. */
async function measure({ env, client, until }: Management, nth: number): Promise<number> {
  const cluster = `answers-${nth}`
  const key = { namespace, name: cluster }
  const service = { type: 'ClusterIP', apiPort: 30443 + nth }
  await makeControlPlane(client, await makeCluster(client, cluster), { externalAddress: env.publishedAddress, service })
  await until(statefulSets, { namespace, name: namesOf(cluster).statefulSet }, () => true)
  const { spec } = await until(k0smotronControlPlane, key, object => object.spec.controlPlaneEndpoint !== undefined)
  const { host, port } = spec.controlPlaneEndpoint ?? {}
  const starting = startHostedControlPlane({ env, namespace, cluster })
  try {
    await untilAnswers({ server: `https://${host}:${port}`, ca: await authorityOf(client, cluster) })
    return await untilUsable(client, { cluster, file: join(env.dir, `${cluster}.kubeconfig`) })
  } finally {
    await (await starting).stop()
  }
}

async function authorityOf(client: Client, cluster: string): Promise<string> {
  return decoded(await client.get(secrets, { namespace, name: namesOf(cluster).ca }), 'tls.crt')
}

/** As anonymous, like a kubelet. */
async function untilAnswers(connection: Connection): Promise<void> {
  const anonymous = clientOf(connection)
  for (;;) {
    const got = await anonymous.probe('/readyz', { timeoutMs: 2_000 }).catch(() => undefined)
    if (got?.status === 200) return anonymous.close()
    await delay(5)
  }
}

interface Wanted {
  readonly cluster: string
  readonly file: string
}

/** Seconds until the answer with the Secret whose kubeconfig then proved to work. */
async function untilUsable(client: Client, { cluster, file }: Wanted): Promise<number> {
  const key: ObjectKey = { namespace, name: namesOf(cluster).kubeconfig }
  const startedAt = performance.now()
  for (;;) {
    const secret = await client.get(secrets, key)
    const seconds = (performance.now() - startedAt) / 1000
    if (secret && (await works(decoded(secret, 'value'), file))) return seconds
    await delay(5)
  }
}

async function works(kubeconfig: string, file: string): Promise<boolean> {
  await writeFile(file, kubeconfig, { mode: 0o600 })
  const connection = await loadConnection({ kubeconfig: file, userAgent: 'bench' })
  const hosted = createClient(undiciTransport(connection))
  try {
    await hosted.list(nodes)
    return true
  } catch {
    return false // not yet
  } finally {
    await hosted.close()
  }
}

function decoded(secret: (KubeObject & { readonly data?: Readonly<Record<string, string>> }) | undefined, key: string) {
  const value = secret?.data?.[key]
  if (value === undefined) throw new Error(`There is no ${key} in Secret ${secret?.metadata.name}`)
  return Buffer.from(value, 'base64').toString()
}
