// Whom a budget of somebody else wakes — core
import { type KubeObject, k0smotronControlPlane, namesOf } from '@k0smotron-ts/api'
import {
  controllerReference,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  type StatefulSet,
  type StoreReader,
  type WatchedType,
} from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { budget, controlPlane, k0sPod, liveSet, readyStatus } from '../../testing/observed.ts'
import { hostedWakes } from './wakes.ts'

const kind = { type: k0smotronControlPlane, clusterNameOf: () => 'prod', specOf: () => ({}) }
const wakes = hostedWakes(kind, undefined)

/** A StatefulSet in the middle of a roll by us. */
function rolling(rest: Partial<StatefulSet['status']> = {}, type = 'OnDelete'): StatefulSet {
  const selector = { matchLabels: { cluster: 'prod' } }
  const set = liveSet(namesOf('prod').statefulSet, {
    spec: { updateStrategy: { type }, selector } as never,
    status: { replicas: 3, updatedReplicas: 1, ...rest },
  })
  const ownerReferences = [controllerReference(k0smotronControlPlane, controlPlane({}))]
  return { ...set, metadata: { ...set.metadata, ownerReferences } }
}

/** Finds objects as the cache does, by what the watches declare. */
function cacheOf(objects: readonly KubeObject[]): { readonly read: StoreReader; readonly reads: string[] } {
  const reads: string[] = []
  const by = ({ kind: wanted }: { readonly kind: string }, index: string, value: string) => {
    reads.push(wanted)
    const isOf = ({ watched }: { readonly watched: WatchedType }) => watched.type.kind === wanted
    const values = wakes.filter(isOf).flatMap(({ watched }) => watched.indexes?.[index] ?? [])
    return objects.filter(object => object.kind === wanted && values.some(of => of(object).includes(value)))
  }
  return { read: { by, get: () => undefined } as unknown as StoreReader, reads }
}

const pod = k0sPod(readyStatus)
const others = (selector: object): PodDisruptionBudget => ({ ...budget('others', 0), spec: { selector } })
const all = others({})

function woken(by: PodDisruptionBudget, objects: readonly KubeObject[]) {
  const { read, reads } = cacheOf([controlPlane({}), pod, ...objects])
  const ofBudgets = wakes.filter(({ watched: { type, indexes } }) => type === podDisruptionBudgets && indexes?.selected)
  return { keys: ofBudgets.flatMap(({ keys }) => keys(by as KubeObject, read)), reads }
}

const self = [{ namespace: 'team', name: 'prod-cp' }]

it.each<[string, PodDisruptionBudget, StatefulSet, readonly object[]]>([
  ['one that replaces a pod and may wait for it', all, rolling(), self],
  ['one whose StatefulSet Kubernetes has not looked at', all, withGeneration(rolling({ updatedReplicas: 3 })), self],
  ['none whose pods it does not select', others({ matchLabels: { app: 'shop' } }), rolling(), []],
  ['none that replaces nothing', all, rolling({ updatedReplicas: 3 }), []],
  ['none whose pods Kubernetes replaces', all, rolling({}, 'RollingUpdate'), []],
  ['none for a StatefulSet of somebody else', all, ownerless(rolling()), []],
])('a budget wakes %s', (_, by, set, keys) => {
  expect(woken(by, [set]).keys).toEqual(keys)
})

it('no pod is looked at for a budget as long as none is replaced', () => {
  expect(woken(all, [rolling({ updatedReplicas: 3 })]).reads).toEqual(['StatefulSet'])
})

function withGeneration({ metadata, ...rest }: StatefulSet): StatefulSet {
  return { ...rest, metadata: { ...metadata, generation: 2 } }
}

function ownerless({ metadata: { ownerReferences: _, ...metadata }, ...rest }: StatefulSet): StatefulSet {
  return { ...rest, metadata }
}
