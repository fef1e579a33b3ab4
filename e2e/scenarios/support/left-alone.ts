// Whether anybody touched what is in a namespace, from how the API server stored it — shell
import { type AuditEntry, isEvent, isLease, isWrite, type Kubectl } from '@k0smotron-ts/hack/testenv'
import type { Seen } from '../../harness/independent.ts'
import type { ReleasedStage } from '../../harness/released.ts'
import { patienceMs } from '../../harness/released-cluster.ts'
import { everythingIn } from './namespaces.ts'

/** What a restart, a replacement or a write changes, statuses aside. */
export interface Stored {
  readonly uid: string
  readonly generation?: number
  /** Who wrote something that is still there, how, and when last. */
  readonly writers: readonly string[]
  /** Of the containers of a pod. */
  readonly restarts: readonly number[]
}

interface StoredObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly namespace: string
    readonly name: string
    readonly uid: string
    readonly generation?: number
    readonly managedFields?: readonly Entry[]
  }
  readonly status?: { readonly containerStatuses?: readonly { readonly restartCount: number }[] }
}

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly time: string
}

/** Written by Kubernetes whenever a pod says that it is Ready or that it is not, as one does on a busy machine. */
const ofReadiness = ['Endpoints', 'EndpointSlice']

/** Every object in these namespaces, but for Events and those, by `<namespace> <apiVersion> <kind> <name>`. */
export async function storedIn(kubectl: Kubectl, namespaces: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
  const lists = namespaces.map(async namespace => {
    const found = await everythingIn(kubectl, namespace, ['--output=json', '--show-managed-fields'])
    const { items } = JSON.parse(found) as { readonly items: readonly StoredObject[] }
    return items.filter(({ kind }) => !ofReadiness.includes(kind)).map(one => [nameOf(one), storedOf(one)] as const)
  })
  return new Map((await Promise.all(lists)).flat().sort(([one], [other]) => one.localeCompare(other)))
}

const nameOf = ({ apiVersion, kind, metadata: { namespace, name } }: StoredObject): string =>
  [namespace, apiVersion, kind, name].join(' ')

function storedOf({ metadata: { uid, generation, managedFields = [] }, status }: StoredObject): Stored {
  const writers = managedFields
    .filter(({ subresource, manager }) => subresource === undefined && manager !== ourHand)
    .map(({ manager, operation, time }) => `${manager} ${operation} ${time}`)
  const restarts = status?.containerStatuses?.map(({ restartCount }) => restartCount) ?? []
  return { uid, ...(generation !== undefined && { generation }), writers, restarts }
}

/** A change of the scenario itself, by `kubectl patch`. */
const ourHand = 'kubectl-patch'

/** What our managers act on, and a change of its spec that changes nothing else. */
const acted = [
  {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlane',
    resource: 'k0smotroncontrolplanes.controlplane.cluster.x-k8s.io',
    spec: { manifests: [] },
  },
  {
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
    kind: 'K0sWorkerConfig',
    resource: 'k0sworkerconfigs.bootstrap.cluster.x-k8s.io',
    spec: { postK0sCommands: [] },
  },
] as const

/** Makes that change to each of them; resolves when a manager has seen it in every one. */
export async function untilPatchSeen({ kubectl, client }: ReleasedStage, namespace: string): Promise<void> {
  for (const { apiVersion, kind, resource, spec } of acted) {
    const found = await kubectl(['get', resource, `--namespace=${namespace}`, '--output=name'])
    const names = found.split('\n').filter(name => name !== '')
    if (names.length === 0) continue
    const patch = JSON.stringify({ spec })
    await kubectl(['patch', ...names, `--namespace=${namespace}`, '--type=merge', `--patch=${patch}`])
    await client.untilAll({ apiVersion, kind, namespace, patienceMs }, all => all.every(isSeen))
  }
}

const isSeen = ({ metadata, status }: Seen): boolean => status?.observedGeneration === metadata?.generation

/** As they are after that change. */
export function patchedOnce(stored: ReadonlyMap<string, Stored>): ReadonlyMap<string, Stored> {
  const isPatched = (name: string): boolean =>
    acted.some(({ apiVersion, kind }) => name.includes(` ${apiVersion} ${kind} `))
  return new Map(
    [...stored].map(([name, one]) => [name, isPatched(name) ? { ...one, generation: (one.generation ?? 0) + 1 } : one]),
  )
}

interface Written {
  readonly by: readonly string[]
  readonly namespaces: readonly string[]
}

/** What was written by these users in these namespaces; statuses, Events and leases aside. */
export const writesIn = (entries: readonly AuditEntry[], { by, namespaces }: Written): readonly string[] =>
  entries
    .filter(({ user, namespace }) => by.includes(user) && namespaces.includes(namespace))
    .filter(entry => isWrite(entry) && !isEvent(entry) && !isLease(entry) && entry.subresource !== 'status')
    .map(({ verb, path }) => `${verb} ${path}`)
