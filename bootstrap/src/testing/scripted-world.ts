// What a pass finds and does, in memory: a management cluster and a hosted one that a test scripts — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import {
  ApiError,
  type Client,
  type ConditionDraft,
  type Health,
  type JsonPatch,
  type KubeSecret,
  type Node,
  type Shell,
} from '@k0smotron-ts/runtime'
import type { Observed } from '../controllers/k0sworkerconfig/observed.ts'
import { reconcile } from '../controllers/k0sworkerconfig/reconciler.ts'
import type { StatusDraft } from '../controllers/k0sworkerconfig/status.ts'
import type { Surroundings } from '../controllers/k0sworkerconfig/workload.ts'

type Write = 'create' | 'delete' | 'patch'

export interface Script {
  /** What the hosted cluster answers to a write. */
  readonly refusals?: Readonly<Partial<Record<Write, ApiError>>>
  readonly health?: Health
  /** What the watch of bootstrap tokens, and of nodes, shows; absent: not listed yet. */
  readonly tokens?: readonly KubeSecret[]
  readonly nodes?: readonly Node[]
  /** What is there, whatever the cache shows. */
  readonly stored?: readonly KubeSecret[]
}

export interface ScriptedWorld {
  readonly told: StatusDraft[]
  readonly minted: KubeSecret[]
  readonly patched: (readonly [string | undefined, JsonPatch])[]
  /** Requests to the hosted cluster. */
  readonly asked: string[]
  readonly pass: () => ReturnType<typeof reconcile>
}

/** The world as the snapshot shows it. */
export function scriptedWorld(observed: Observed, script: Script = {}): ScriptedWorld {
  const told: StatusDraft[] = []
  const minted: KubeSecret[] = []
  const patched: (readonly [string | undefined, JsonPatch])[] = []
  const asked: string[] = []
  const { config, machine, machinePool, cluster, secrets } = observed
  const known = [config, machine, machinePool, cluster, ...Object.values(secrets)].filter(one => one !== undefined)
  const find = (objects: readonly KubeObject[], kind: string, { name }: ObjectKey) =>
    objects.find(one => one.kind === kind && one.metadata.name === name)
  const stored = [...(script.stored ?? []), ...known]
  const shell = {
    now: () => observed.now,
    log: { info: () => undefined },
    client: { get: async (type: { kind: string }, key: ObjectKey) => find(stored, type.kind, key) },
    read: {
      get: (type: { kind: string }, key: ObjectKey) => find(known, type.kind, key),
      by: () => [],
      referenced: async () => undefined,
    },
    mint: async (_: unknown, object: KubeSecret) => {
      minted.push(object)
      return find(stored, 'Secret', { name: object.metadata.name ?? '' }) ?? object
    },
    patch: async (_: unknown, object: KubeSecret, { operations }: { operations: JsonPatch }) => {
      patched.push([object.metadata.name, operations])
      return object
    },
    report: async (_: unknown, __: unknown, status: StatusDraft) => void told.push(status),
    event: () => undefined,
  } as unknown as Shell
  const around = surroundingsOf(script, asked)
  const key = { namespace: config.metadata.namespace ?? '', name: config.metadata.name ?? '' }
  return { told, minted, patched, asked, pass: () => reconcile(key, shell, around) }
}

function surroundingsOf({ refusals, health = { kind: 'reachable' }, tokens, nodes }: Script, asked: string[]) {
  const write =
    (verb: Write) =>
    async (_: unknown, object: KubeObject | ObjectKey): Promise<unknown> => {
      asked.push(`${verb} ${'metadata' in object ? object.metadata.name : object.name}`)
      const refusal = refusals?.[verb]
      if (refusal) throw refusal
      return object
    }
  const client = { create: write('create'), delete: write('delete'), patchJson: write('patch') } as unknown as Client
  const failed = (error: unknown): boolean => error instanceof ApiError && error.reason === 'Unavailable'
  const watch = (found: readonly KubeObject[] | undefined) => ({
    look: () => found,
    learn: () => undefined,
    leave: () => undefined,
  })
  return {
    workloads: { open: () => ({ client, health, failed, hold: () => () => undefined }), leave: () => undefined },
    tokens: watch(tokens),
    nodes: watch(nodes),
  } as unknown as Surroundings
}

/** The condition as `status reason`. */
export function said(status: StatusDraft | undefined, type: string): string {
  const condition: ConditionDraft | undefined = status?.conditions.find(one => one.type === type)
  return condition ? `${condition.status} ${condition.reason}` : 'absent'
}
