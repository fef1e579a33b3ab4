// What a pass finds and does, in memory: a management cluster and a workload cluster that a test scripts — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import {
  ApiError,
  type Client,
  type ConditionDraft,
  type EventNote,
  type JsonPatch,
  type KubeSecret,
  type Node,
  type Shell,
} from '@k0smotron-ts/runtime'
import type { Opening } from '@k0smotron-ts/runtime/shell'
import { configLabel } from '../controllers/k0sworkerconfig/identity.ts'
import type { Observed } from '../controllers/k0sworkerconfig/observed.ts'
import { reconcile } from '../controllers/k0sworkerconfig/reconciler.ts'
import { Silences } from '../controllers/k0sworkerconfig/registration/silences.ts'
import type { StatusDraft } from '../controllers/k0sworkerconfig/report/status.ts'
import type { Ports } from '../controllers/k0sworkerconfig/workload.ts'

type Write = 'create' | 'delete' | 'patch'

export interface Script {
  /** What the workload cluster answers to a write. */
  readonly refusals?: Readonly<Partial<Record<Write, ApiError>>>
  /** Why it cannot be worked with now. */
  readonly closed?: Exclude<Opening, { readonly kind: 'open' }>
  /** The config that the bootstrap token in the workload cluster is labelled with. */
  readonly label?: string
  /** What it holds. */
  readonly held?: KubeSecret['data']
  /** What the management cluster answers to the creation of a Secret. */
  readonly mintRefusal?: ApiError
  /** What the watch of bootstrap tokens, and of nodes, shows; absent: not listed yet. */
  readonly tokens?: readonly KubeSecret[]
  readonly nodes?: readonly Node[]
  /** The workload cluster has more of both than are remembered. */
  readonly isInVain?: boolean
  /** What is there, whatever the cache shows. */
  readonly stored?: readonly KubeSecret[]
  /** Of the management cluster, to a read of what the spec names. */
  readonly referenced?: (name: string) => KubeObject | undefined
}

export interface ScriptedWorld {
  /** Statuses, in the order in which they were reported. */
  readonly told: StatusDraft[]
  readonly events: EventNote[]
  readonly minted: KubeSecret[]
  readonly patched: (readonly [string | undefined, JsonPatch])[]
  /** Requests to the workload cluster. */
  readonly asked: string[]
  readonly pass: () => ReturnType<typeof reconcile>
  readonly later: (milliseconds: number) => void
  /** What the workload cluster refuses from now on. */
  readonly answers: (refusals: NonNullable<Script['refusals']>) => void
}

/** The world as the snapshot shows it. */
export function scriptedWorld(observed: Observed, script: Script = {}): ScriptedWorld {
  let waitedMs = 0
  let { refusals } = script
  const told: StatusDraft[] = []
  const minted: KubeSecret[] = []
  const patched: (readonly [string | undefined, JsonPatch])[] = []
  const asked: string[] = []
  const { config, machine, machinePool, cluster, secrets } = observed
  const events: EventNote[] = []
  const known: KubeObject[] = [config, machine, machinePool, cluster, ...Object.values(secrets)].filter(
    one => one !== undefined,
  )
  const find = (objects: readonly KubeObject[], kind: string, { name }: ObjectKey) =>
    objects.find(one => one.kind === kind && one.metadata.name === name)
  const stored = [...(script.stored ?? []), ...known]
  const shell = {
    now: () => new Date(observed.now.getTime() + waitedMs),
    log: { info: () => undefined },
    client: { get: async (type: { kind: string }, key: ObjectKey) => find(stored, type.kind, key) },
    read: {
      get: (type: { kind: string }, key: ObjectKey) => find(known, type.kind, key),
      by: () => [],
      referenced: async (_: unknown, { name }: ObjectKey) => script.referenced?.(name),
    },
    mint: async (_: unknown, object: KubeSecret) => {
      if (script.mintRefusal) throw script.mintRefusal
      minted.push(object)
      return find(stored, 'Secret', { name: object.metadata.name ?? '' }) ?? object
    },
    patch: async (_: unknown, object: KubeSecret, { operations }: { operations: JsonPatch }) => {
      patched.push([object.metadata.name, operations])
      return patchedBy(object, operations)
    },
    report: async (_: unknown, live: KubeObject, status: StatusDraft) => {
      told.push(status)
      known.splice(
        known.findIndex(({ kind }) => kind === live.kind),
        1,
        { ...live, status } as KubeObject,
      )
    },
    event: (_: unknown, note: EventNote) => void events.push(note),
  } as unknown as Shell
  const ports = portsOf({ ...script, refusalOf: verb => refusals?.[verb] }, asked)
  const key = { namespace: config.metadata.namespace ?? '', name: config.metadata.name ?? '' }
  return {
    told,
    events,
    minted,
    patched,
    asked,
    pass: () => reconcile(key, shell, ports),
    later: milliseconds => {
      waitedMs += milliseconds
    },
    answers: other => {
      refusals = other
    },
  }
}

interface Answers extends Omit<Script, 'refusals'> {
  readonly refusalOf: (verb: Write) => ApiError | undefined
}

function portsOf(
  { refusalOf, label = 'm1', held = {}, closed, tokens, nodes, isInVain = false }: Answers,
  asked: string[],
) {
  const write =
    (verb: Write) =>
    async (_: unknown, object: KubeObject | ObjectKey): Promise<unknown> => {
      asked.push(`${verb} ${'metadata' in object ? object.metadata.name : object.name}`)
      const refusal = refusalOf(verb)
      if (refusal) throw refusal
      return object
    }
  const client = {
    get: async (_: unknown, { name }: ObjectKey) => ({
      metadata: { name, labels: { [configLabel]: label } },
      data: held,
    }),
    create: write('create'),
    delete: write('delete'),
    patchJson: write('patch'),
  } as unknown as Client
  const failed = (error: unknown): string | undefined =>
    error instanceof ApiError && error.reason === 'Unavailable' ? error.message : undefined
  const opening = closed ?? { kind: 'open', client, watches: client, failed, hold: () => () => undefined }
  const watch = (found: readonly KubeObject[] | undefined) => ({
    look: () => found,
    learn: () => undefined,
    leave: () => undefined,
    isInVain: () => isInVain,
  })
  return {
    workloads: { open: () => opening, leave: () => undefined },
    tokens: watch(tokens),
    nodes: watch(nodes),
    silences: new Silences(),
  } as unknown as Ports
}

/** As an API server would have it: a `test` that does not hold refuses the patch. */
function patchedBy<T extends KubeObject>(object: T, operations: JsonPatch): T {
  const copy = structuredClone(object)
  for (const operation of operations) {
    const path = operation.path.slice(1).split('/')
    const last = path.pop() ?? ''
    const parent = path.reduce<Record<string, unknown>>((at, part) => at[part] as never, copy as never)
    if (operation.op === 'test') {
      if (parent[last] === operation.value) continue
      throw new ApiError({ reason: 'Conflict', message: `${operation.path} is another`, request: 'PATCH x' })
    }
    if (operation.op === 'remove') delete parent[last]
    else parent[last] = operation.value
  }
  return copy
}

/** The condition as `status reason`. */
export function said(status: StatusDraft | undefined, type: string): string {
  const condition: ConditionDraft | undefined = status?.conditions.find(one => one.type === type)
  return condition ? `${condition.status} ${condition.reason}` : 'absent'
}
