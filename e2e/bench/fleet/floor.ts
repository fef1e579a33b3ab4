// The same number of raw requests: what the API server and a client need, without any operator — shell
import { type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, countBy } from '@k0smotron-ts/hack/testenv'
import type { Client } from '@k0smotron-ts/runtime'
import { inParallel } from '../measure/in-parallel.ts'
import { ownedKinds } from './arrivals.ts'
import { namespace } from './control-planes.ts'

interface Template {
  readonly type: ResourceType
  readonly object: KubeObject
}

const inFlight = 64
const apart = 'floor'

/**
 * Seconds for server-side applies of objects like those of the control plane `model`: of each kind as many as the
 * operator's `requests` for so many `clusters` had; who was written several times is written several times. Run it when
 * no operator runs: the objects are in a namespace of their own, without an owner.
 */
export async function measureFloor(client: Client, { model, clusters, requests }: Measured): Promise<number> {
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: apart } })
  const templates = await templatesOf(client, model)
  const applies = Object.entries(countBy(requests, ['resource'])).flatMap(([resource, count]) =>
    Array.from({ length: count }, (_, nth) => applyLike(templates, { resource, nth, model, clusters })),
  )
  const inTurn = applies.toSorted((a, b) => a.cluster - b.cluster)
  const startedAt = performance.now()
  await inParallel(inTurn, inFlight, ({ type, object }) => client.apply(type, object, { fieldManager: 'floor' }))
  return (performance.now() - startedAt) / 1000
}

interface Measured {
  readonly model: string
  readonly clusters: number
  readonly requests: readonly AuditEntry[]
}

const namespaces: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}

async function templatesOf(client: Client, model: string): Promise<readonly Template[]> {
  const selection = { namespace, labelSelector: `cluster.x-k8s.io/cluster-name=${model}` }
  const lists = await Promise.all(
    [...ownedKinds, k0smotronControlPlane as ResourceType].map(async type => {
      const { items } = await client.list(type, selection)
      return items.map(object => ({ type, object: withoutServerFields(object) }))
    }),
  )
  return lists.flat()
}

/** As somebody would write it. */
function withoutServerFields(live: KubeObject): KubeObject {
  const { status: _, spec, ...rest } = live as KubeObject & { status?: unknown; spec?: Record<string, unknown> }
  const { clusterIP: _ip, clusterIPs: _ips, ...wanted } = spec ?? {}
  const { name, labels, annotations } = live.metadata
  const metadata = {
    ...(name && { name }),
    namespace: apart,
    ...(labels && { labels }),
    annotations: { ...annotations },
  }
  return { ...rest, metadata, ...(spec && { spec: wanted }) } as KubeObject
}

interface Like extends Omit<Measured, 'requests'> {
  readonly resource: string
  /** Of its kind. */
  readonly nth: number
}

/** The annotation makes every request a change. */
function applyLike(templates: readonly Template[], { resource, nth, model, clusters }: Like) {
  const kin = templates.filter(({ type }) => resourceOf(type) === resource)
  const template = kin[nth % kin.length]
  if (!template) throw new Error(`There is no ${resource} to measure the floor with`)
  const cluster = Math.floor(nth / kin.length) % clusters
  const { type, object } = template
  const { name = '', annotations } = object.metadata
  const metadata = {
    ...object.metadata,
    name: name.replace(model, `floor-${cluster}`),
    annotations: { ...annotations, request: `${nth}` },
  }
  return { cluster, type, object: { ...object, metadata } }
}

function resourceOf({ group, plural }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`
}
