// Clusters as earlier releases left them, under today's managers: nothing rolls, nothing is written — shell
import {
  bootstrapTokenType,
  expirationIn,
  joinTokenRequest,
  type KubeObject,
  type ResourceType,
  tokenLifeMs,
  tokenNamespace,
} from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type AuditEntry,
  clientOf,
  countBy,
  install,
  isWrite,
  type Management,
  movableClock,
  putStored,
  type RunningProvider,
  startHostedControlPlane,
} from '@k0smotron-ts/hack/testenv'
import { type Client, type Clock, secrets } from '@k0smotron-ts/runtime'
import { createMetrics, type Metrics, systemClock } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering, token } from '../released/clusters.ts'
import {
  managementKinds,
  ownKinds,
  type ReleasedClusters,
  readSet,
  releases,
  workloadKinds,
  writtenAt,
} from '../released/set.ts'
import { by, startWorld } from './world.ts'

const accounts = ['k0smotron-control-plane', 'k0smotron-bootstrap'] as const
const providers = { 'k0smotron-control-plane': controlPlaneProvider, 'k0smotron-bootstrap': bootstrapProvider() }

/** Those whose nodes have not joined. */
const waiting = [answering.machine, answering.pool]
const minuteMs = 60_000

/** Config maps that today's managers make for clusters of a release, by cluster and namespace: no pod reads them. */
const addedSince: Readonly<Record<string, readonly string[]>> = {
  // the documents of the issuer, of each control plane that has answered
  'v0.1.0': ['answering', 'standalone'],
}
const pictured = (cluster: string) => `ConfigMap  ${cluster}-oidc in ${cluster}`
const written = (cluster: string) => `patch /api/v1/namespaces/${cluster}/configmaps/${cluster}-oidc`

describe.each(await releases())('clusters of %s', release => {
  let set: readonly ReleasedClusters[]
  let world: Management
  /** Of the namespaces where there is a workload cluster. */
  const workloads = new Map<string, Client & AsyncDisposable>()
  const metrics: Readonly<Record<(typeof accounts)[number], Metrics>> = {
    'k0smotron-control-plane': createMetrics(),
    'k0smotron-bootstrap': createMetrics(),
  }
  let running: readonly RunningProvider[] = []
  const clock = movableClock()

  beforeAll(async () => {
    set = await readSet(release)
    world = await startWorld({ kwok: true })
    await world.env.addNode('node-1')
    for (const { namespace, management, workload } of set) {
      await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }])
      await putStored(world.env, management)
      if (workload.length === 0) continue
      await putStored(world.env, workload, `/hosted-${namespace}-${namespace}`)
      const { connection } = await startHostedControlPlane({ env: world.env, namespace, cluster: namespace })
      workloads.set(namespace, clientOf(connection))
    }
    await world.quiet()
  })

  afterAll(async () => {
    await Promise.all(running.map(provider => provider.stop()))
    await Promise.all([...workloads.values()].map(client => client[Symbol.asyncDispose]()))
    await world?.[Symbol.asyncDispose]()
  })

  const picture = async (): Promise<Readonly<Record<string, object>>> => {
    const management = set.map(({ namespace }) => contentOf(world.client, managementKinds, namespace))
    const there = [...workloads].map(async ([namespace, client]) => ({
      [`workload of ${namespace}`]: await contentOf(client, workloadKinds, 'kube-system'),
    }))
    return Object.assign({}, ...(await Promise.all([...management, ...there])))
  }

  it('are left alone by the managers of today, but for a status that says more', async () => {
    const before = await picture()
    const mark = await world.env.auditLog.mark()
    running = await Promise.all(
      accounts.map(account =>
        world.start(providers[account], account, { clock: asThen(clock, set), metrics: metrics[account] }),
      ),
    )
    const ofKind = (kind: string): number => Object.keys(before).filter(name => name.startsWith(`${kind} `)).length
    await untilPassed(metrics['k0smotron-control-plane'], 'k0smotroncontrolplane', ofKind('K0smotronControlPlane'))
    await untilPassed(metrics['k0smotron-control-plane'], 'cluster', ofKind('Cluster k0smotron.io'))
    await untilPassed(metrics['k0smotron-control-plane'], 'jointokenrequest', ofKind('JoinTokenRequest'))
    await untilPassed(metrics['k0smotron-bootstrap'], 'k0sworkerconfig', ofKind('K0sWorkerConfig'))
    await world.quiet()
    const writes = (await world.env.auditLog.since(mark)).filter(
      entry => accounts.some(account => by(account)(entry)) && isWrite(entry),
    )
    const after = await picture()
    const { [release]: added = [] } = addedSince
    const known = Object.entries(after).filter(([name]) => !added.map(pictured).includes(name))
    expect(Object.fromEntries(known)).toEqual(before)
    expect(Object.keys(after)).toHaveLength(known.length + added.length)
    const isOwnStatus = ({ resource, subresource }: AuditEntry): boolean =>
      subresource === 'status' && ownKinds.some(type => resource === `${type.plural}.${type.group}`)
    const others = writes.filter(entry => !isOwnStatus(entry))
    expect(others.map(({ verb, path }) => `${verb} ${path.split('?')[0]}`).sort()).toEqual(added.map(written))
    // what a release says for the first time is written once
    const times = Object.values(countBy(writes.filter(isOwnStatus), ['path']))
    expect(times.filter(count => count > 1)).toEqual([])
  })

  it('have join tokens that are found again: none is made anew, and each is extended when that is due', async () => {
    const workload = workloads.get(answering.name) as Client
    const before = await bootstrapTokens(workload)
    expect(Object.keys(before)).toHaveLength(waiting.length)
    await clock.move(tokenLifeMs / 2 + minuteMs)
    const areLonger = async () =>
      Object.entries(await bootstrapTokens(workload)).map(([name, end = 0]) => [name, end > (before[name] ?? end)])
    await expect.poll(areLonger).toEqual(Object.keys(before).map(name => [name, true]))
  })

  it('have join tokens that are revoked when what they are for is deleted', async () => {
    const workload = workloads.get('standalone') as Client
    expect(Object.keys(await bootstrapTokens(workload))).toHaveLength(1)
    await world.client.delete(joinTokenRequest, { namespace: 'standalone', name: token.metadata.name as string })
    await expect.poll(() => bootstrapTokens(workload)).toEqual({})
  })
})

/** All that makes something roll: which objects there are, by their uids, and what they say. */
async function contentOf(client: Client, types: readonly ResourceType[], namespace: string): Promise<object> {
  const lists = await Promise.all(types.map(type => client.list(type, type.namespaced ? { namespace } : {})))
  const objects = lists.flatMap(({ items }, index) =>
    items.map(item => [`${types[index]?.kind} ${types[index]?.group} ${item.metadata.name}`, sayings(item)] as const),
  )
  return Object.fromEntries(objects.map(([name, object]) => [`${name} in ${namespace}`, object]))
}

function sayings({ metadata, ...rest }: KubeObject & { readonly status?: unknown }): object {
  const { managedFields: _, resourceVersion: __, ...described } = metadata
  const { status: ___, ...said } = rest
  return { metadata: described, ...said }
}

/** Certificates and tokens are as old for the managers as they were then. */
function asThen(clock: Clock, set: readonly ReleasedClusters[]): Clock {
  const ago = systemClock.now().getTime() - writtenAt(set).getTime()
  return { ...clock, now: () => new Date(clock.now().getTime() - ago) }
}

/** Name and uid of each bootstrap token, and when it ends. */
async function bootstrapTokens(workload: Client): Promise<Readonly<Record<string, number | undefined>>> {
  const { items } = await workload.list(secrets, { namespace: tokenNamespace })
  const tokens = items.filter(({ type }) => type === bootstrapTokenType)
  return Object.fromEntries(
    tokens.map(({ metadata: { name, uid }, data }) => [`${name} ${uid}`, expirationIn(data)?.getTime()]),
  )
}

/** Each object was looked at, and none waits for its turn. */
async function untilPassed({ registry }: Metrics, controller: string, objects: number): Promise<void> {
  const sum = async (name: string): Promise<number> => {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {}
    return values.filter(({ labels }) => labels.controller === controller).reduce((all, { value }) => all + value, 0)
  }
  await expect.poll(() => sum('controller_runtime_reconcile_total')).toBeGreaterThanOrEqual(objects)
  await expect.poll(() => sum('workqueue_depth')).toBe(0)
}
