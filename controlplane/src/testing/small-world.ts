// A management cluster as far as the passes of one control plane see it, in memory, with a clock that is set — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import {
  type Applied,
  canonicalJson,
  type GuardedPatch,
  type Pod,
  type PodDisruptionBudget,
  type Service,
  type Shell,
  type StatefulSet,
} from '@k0smotron-ts/runtime'
import { fieldManager } from '../hosted/identity.ts'

type Write = Readonly<Record<'verb' | 'kind' | 'name', string>> & { readonly at: Date }

const roundMs = 10_000

const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? ''
const serves = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && (status?.conditions?.some(({ status: is }) => is === 'True') ?? false)

/** Applies by itself what is applied; StatefulSets replace one pod at a time, which gets ready in the round after. */
export class SmallWorld {
  now: Date
  readonly writes: Write[] = []
  /** The most pods of one StatefulSet that did not serve at a time, once all of them had. */
  mostDown = 0
  readonly #objects = new Map<string, KubeObject>()
  /** StatefulSets of which all pods have served. */
  readonly #served = new Set<string>()
  #version = 0

  constructor(now: Date) {
    this.now = now
  }

  all<T extends KubeObject>(kind: string): readonly T[] {
    return [...this.#objects.values()].filter(object => object.kind === kind) as T[]
  }

  /** Somebody else made it, or changed it. */
  put(object: KubeObject): void {
    this.#store('put', object)
  }

  /** Everybody but the provider does what is theirs, once; it takes a while. */
  round(): void {
    this.now = new Date(this.now.getTime() + roundMs)
    for (const set of this.all<StatefulSet>('StatefulSet')) this.#sync(set)
    for (const budget of this.all<PodDisruptionBudget>('PodDisruptionBudget')) this.#count(budget)
  }

  shell(): Shell {
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    return {
      now: () => this.now,
      log,
      read: {
        unreadable: () => undefined,
        get: ({ kind }: ResourceType, key: ObjectKey) => this.#objects.get(`${kind} ${key.name}`),
        by: ({ kind }: ResourceType, index: string, value: string) => this.#found(kind, index, value),
        referenced: async () => undefined,
      },
      apply: async (objects: readonly KubeObject[]) => objects.map(object => this.#apply(object)),
      mint: async (_: unknown, object: KubeObject) => this.#object(object) ?? this.#store('create', object),
      renew: async (_: unknown, object: KubeObject) => this.#store('renew', object),
      patch: async (_: unknown, object: KubeObject, patch: GuardedPatch) => this.#patch(object, patch),
      delete: async (_: unknown, object: KubeObject) => this.#remove('delete', object),
      evict: async (object: KubeObject) => this.#remove('evict', object),
    } as unknown as Shell
  }

  #object({ kind, metadata }: KubeObject): KubeObject | undefined {
    return this.#objects.get(`${kind} ${metadata.name}`)
  }

  #found(kind: string, index: string, value: string): readonly KubeObject[] {
    const isConfig = ({ metadata }: KubeObject) => metadata.labels?.['k0smotron.io/config'] !== undefined
    // every object has its owner, no pod was refused, and no budget selects pods of whichever cluster
    if (index === 'ownerless' || index === 'set' || (index === 'selected' && !value.endsWith('/prod'))) return []
    return this.all(kind).filter(object => kind !== 'Secret' || isConfig(object))
  }

  #store(verb: string, object: KubeObject, live = this.#object(object)): KubeObject {
    this.#version++
    const generation = (live?.metadata.generation ?? 0) + 1
    const uid = live?.metadata.uid ?? `uid-${this.#version}`
    const metadata = { ...object.metadata, uid, generation, resourceVersion: String(this.#version) }
    const stored = { ...object, metadata }
    this.#objects.set(`${object.kind} ${nameOf(object)}`, stored)
    this.writes.push({ verb, kind: object.kind, name: nameOf(object), at: this.now })
    return stored
  }

  /** What an object says is compared with what it was applied with, as the hash on it does. */
  #apply(object: KubeObject): Applied {
    const live = this.#object(object)
    const intent = canonicalJson(object)
    if (live?.metadata.annotations?.intent === intent) return { object, result: 'unchanged' }
    const { metadata } = object
    const managedFields = [{ manager: fieldManager, operation: 'Apply', fieldsV1: {} }]
    const annotations = { ...metadata.annotations, intent }
    const status = (live as { status?: object } | undefined)?.status
    const given = { ...object, metadata: { ...metadata, annotations, managedFields }, ...(status && { status }) }
    this.#store('apply', object.kind === 'Service' ? allocated(given) : given, live)
    return { object, result: 'applied' }
  }

  /** Of a StatefulSet its replicas, or an annotation of its template; marks on our own object are nobody's business here. */
  #patch(object: KubeObject, { operations }: GuardedPatch): KubeObject {
    const live = this.#object(object) as StatefulSet | undefined
    const added = operations.find(({ op }) => op === 'add')
    const key = added?.path.split('/').at(-1)?.replace('~1', '/')
    if (!live?.spec?.template || !added || !('value' in added) || !key) return object
    if (added.path === '/spec/replicas') {
      return this.#store('patch', { ...live, spec: { ...live.spec, replicas: Number(added.value) } } as KubeObject)
    }
    const { template } = live.spec
    const annotations = { ...template.metadata?.annotations, [key]: String(added.value) }
    const spec = { ...live.spec, template: { ...template, metadata: { ...template.metadata, annotations } } }
    return this.#store('patch', { ...live, spec } as KubeObject)
  }

  #remove(verb: string, object: KubeObject): void {
    this.#objects.delete(`${object.kind} ${nameOf(object)}`)
    this.writes.push({ verb, kind: object.kind, name: nameOf(object), at: this.now })
  }

  #sync(set: StatefulSet): void {
    const { replicas = 1, template, updateStrategy } = set.spec ?? {}
    const revision = canonicalJson(template)
    const own = this.#podsOf(set)
    const isWhole = own.length === replicas && own.every(serves)
    const outdated = own.findLast(pod => pod.metadata.labels?.['controller-revision-hash'] !== revision)
    if (isWhole && outdated && updateStrategy?.type !== 'OnDelete') this.#objects.delete(`Pod ${nameOf(outdated)}`)
    if (set.status?.readyReplicas === replicas) this.#served.add(nameOf(set))
    if (this.#served.has(nameOf(set))) {
      this.mostDown = Math.max(this.mostDown, replicas - this.#podsOf(set).filter(serves).length)
    }
    const isGoing = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined
    for (const pod of this.#podsOf(set)) if (isGoing(pod)) this.#objects.delete(`Pod ${nameOf(pod)}`)
    for (const pod of this.#podsOf(set).slice(replicas)) this.#end(pod)
    for (const pod of this.#podsOf(set).slice(0, replicas)) this.#objects.set(`Pod ${nameOf(pod)}`, ready(pod))
    for (let ordinal = 0; ordinal < replicas; ordinal++) this.#start(set, ordinal, revision)
    this.#conclude(set, revision)
  }

  /** A pod goes a round after it was told to. */
  #end(pod: Pod): void {
    const metadata = { ...pod.metadata, deletionTimestamp: this.now.toISOString() }
    this.#objects.set(`Pod ${nameOf(pod)}`, { ...pod, metadata } as KubeObject)
  }

  #podsOf(set: StatefulSet): readonly Pod[] {
    const own = this.all<Pod>('Pod').filter(pod => nameOf(pod).replace(/-\d+$/, '') === nameOf(set))
    return own.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)))
  }

  #start(set: StatefulSet, ordinal: number, revision: string): void {
    const name = `${nameOf(set)}-${ordinal}`
    if (this.#objects.has(`Pod ${name}`)) return
    const { labels, annotations } = set.spec?.template?.metadata ?? {}
    const marks = { labels: { ...labels, 'controller-revision-hash': revision }, annotations: annotations ?? {} }
    const running = { name: 'controller', state: { running: { startedAt: this.now.toISOString() } } }
    const metadata = {
      ...marks,
      name,
      namespace: set.metadata.namespace ?? '',
      uid: `${name} ${this.now.toISOString()}`,
    }
    const status = { containerStatuses: [running] } as unknown as Pod['status']
    this.#objects.set(`Pod ${name}`, { apiVersion: 'v1', kind: 'Pod', metadata, status } as KubeObject)
  }

  #conclude(set: StatefulSet, updateRevision: string): void {
    const all = this.#podsOf(set)
    const status = {
      replicas: all.length,
      readyReplicas: all.filter(serves).length,
      updateRevision,
      observedGeneration: set.metadata.generation ?? 0,
    }
    this.#objects.set(`StatefulSet ${nameOf(set)}`, { ...set, status } as KubeObject)
  }

  #count(budget: PodDisruptionBudget): void {
    const set = this.all<StatefulSet>('StatefulSet').find(one => nameOf(one) === nameOf(budget))
    const missing = (set?.spec?.replicas ?? 1) - (set ? this.#podsOf(set).filter(serves).length : 0)
    const status = { observedGeneration: budget.metadata.generation ?? 0, disruptionsAllowed: missing > 0 ? 0 : 1 }
    this.#objects.set(`PodDisruptionBudget ${nameOf(budget)}`, { ...budget, status } as KubeObject)
  }
}

function ready(pod: Pod): KubeObject {
  return { ...pod, status: { ...pod.status, conditions: [{ type: 'Ready', status: 'True' }] } } as KubeObject
}

/** What the API server fills in. */
function allocated(service: KubeObject): KubeObject {
  const { spec } = service as Service
  const clusterIPs = [spec?.clusterIP ?? '10.96.0.9']
  return { ...service, spec: { ...spec, clusterIPs, ipFamilies: ['IPv4'] } } as KubeObject
}
