// What a tenant may store in the management cluster to the harm of others — shell
import { clusters, type K0sWorkerConfig, k0sWorkerConfig } from '@k0smotron-ts/api'
import { limits, secrets } from '@k0smotron-ts/runtime'
import { make } from '../harness/objects.ts'
import { type Arena, makeCluster, makeMachine, makeNamespace, restartManagers } from './arena.ts'
import { cluster, configOf } from './objects.ts'

/** Where they are not, some at a time. */
async function inTens(count: number, work: (nth: number) => Promise<unknown>): Promise<void> {
  for (let nth = 0; nth < count; nth += 10) {
    await Promise.all(Array.from({ length: Math.min(10, count - nth) }, (_, index) => work(nth + index)))
  }
}

/** 100 of 1 MiB with the label of a cluster, which are there when the managers start. */
export function storeLargeSecrets(arena: Arena, namespace: string): Promise<void> {
  const value = 'QUJD'.repeat(262_144)
  return restartManagers(arena, async () => {
    await makeNamespace(arena, namespace)
    await inTens(100, nth =>
      arena.management.client.create(secrets, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace, name: `s-${nth}`, labels: { 'cluster.x-k8s.io/cluster-name': 'nobody' } },
        data: { value },
      }),
    )
  })
}

export interface Referrer {
  /** For a person to read. */
  readonly what: string
  readonly name: string
  /** Of that many Secrets, named `<prefix>-0` and so on. */
  readonly count: number
  readonly prefix: string
  /** Why it has no data then. */
  readonly reason: string
}

/** Beside the Secrets of `storeLargeSecrets`. */
export const referrers: readonly Referrer[] = [
  { what: '500 references, which are too many', name: 'r-500', count: 500, prefix: 's', reason: 'InvalidSpec' },
  { what: '100 references to 1 MiB each', name: 'r-100', count: 100, prefix: 's', reason: 'DataTooLarge' },
  { what: '100 references to nothing', name: 'r-none', count: 100, prefix: 'none', reason: 'WaitingForReference' },
]

/** In a cluster that works, made when it is not there. */
export async function storeReferrer(arena: Arena, namespace: string, referrer: Referrer): Promise<void> {
  const { name, count, prefix, reason } = referrer
  if (!(await arena.management.client.get(clusters, { namespace, name: cluster }))) await makeCluster(arena, namespace)
  const files = Array.from({ length: count }, (_, nth) => ({
    path: `/f-${nth}`,
    contentFrom: { secretRef: { name: `${prefix}-${nth}`, key: 'value' } },
  }))
  await makeMachine(arena.management, namespace, name, { spec: { files } })
  const key = { namespace, name }
  await arena.management.until(k0sWorkerConfig, key, config => reasonOf(config) === reason)
}

/** So many that each waits for as many Secrets as are watched for one would end a manager that watches them all. */
export const waitingCount = 75

/** Each waits for Secrets of its own that are not there, in a cluster that works. */
export async function storeWaiting(arena: Arena, namespace: string): Promise<void> {
  const { management } = arena
  await makeCluster(arena, namespace)
  const filesOf = (nth: number) =>
    Array.from({ length: limits.configWatches.value }, (_, index) => ({
      path: `/f-${index}`,
      contentFrom: { secretRef: { name: `none-${nth}-${index}`, key: 'value' } },
    }))
  await inTens(waitingCount, nth => makeMachine(management, namespace, `w-${nth}`, { spec: { files: filesOf(nth) } }))
  for (let nth = 0; nth < waitingCount; nth++) {
    const key = { namespace, name: `w-${nth}` }
    await management.until(k0sWorkerConfig, key, config => reasonOf(config) === 'WaitingForReference')
  }
}

const reasonOf = ({ status }: K0sWorkerConfig): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'DataSecretAvailable')?.reason

const wideBytes = 900 * 1_024

/** More configs of 900 KiB than one namespace has room for. */
export async function storeWideConfigs(arena: Arena, namespace: string): Promise<void> {
  const content = 'x'.repeat(wideBytes / 2)
  const spec = { files: ['/a', '/b'].map(path => ({ path, content })) }
  const roomFor = Math.floor(limits.largeObjectsOfNamespaceBytes.value / wideBytes)
  await makeNamespace(arena, namespace)
  for (let nth = 0; nth <= roomFor; nth++) {
    await make(arena.management.client, namespace, [configOf(`m-${nth}`, spec)])
  }
  const last = { namespace, name: `m-${roomFor}` }
  await arena.management.untilEvent(last, 'Warning TooLarge')
  await arena.management.until(k0sWorkerConfig, last, ({ status }) => status?.conditions !== undefined)
}

export const crowdCount = 2_000

/** Nothing was decided about any of them when the managers start. `last`: makes what comes after all of them. */
export function storeCrowd(arena: Arena, namespace: string, last?: () => Promise<unknown>): Promise<void> {
  return restartManagers(arena, async () => {
    await makeNamespace(arena, namespace)
    await inTens(crowdCount, nth => make(arena.management.client, namespace, [configOf(`m-${nth}`)]))
    await last?.()
  })
}
