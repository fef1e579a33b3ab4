import { type KubeObject, namesOf, type ObjectMeta } from '@k0smotron-ts/api'
import type { Applied, Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import {
  certificates,
  etcdService,
  liveConfig,
  liveService,
  liveSet,
  noMembers,
  observed,
} from '../../testing/observed.ts'
import { keepParts } from './keep.ts'

const spec = { version: 'v1.36.3+k0s.1' }
const template = { metadata: { labels: { 'k0smotron.io/config': 'inuse' } } }
const living = observed(spec, {
  ...certificates,
  statefulSets: [liveSet(namesOf('prod').statefulSet, { spec: { template } as never })],
  configMaps: [liveConfig('inuse'), liveConfig('unused')],
  workloadAPI: { ready: true, message: '' },
})

const same = async (_: unknown, object: KubeObject) => object

/** What a pass deletes when the API server refuses the objects of a kind, or of a name. */
async function deletedWhile(refused?: string): Promise<readonly (string | undefined)[]> {
  const deleted: (string | undefined)[] = []
  const answered: (string | undefined)[] = []
  const answer = (object: KubeObject): Applied => {
    const isRefused = object.kind === refused || object.metadata.name === refused
    answered.push(object.kind, object.metadata.name)
    return { object, result: isRefused ? 'refused' : 'applied' }
  }
  const shell = {
    read: { get: () => undefined },
    patch: same,
    mint: same,
    renew: same,
    apply: async (objects: readonly KubeObject[]) => objects.map(answer),
    delete: async (_: unknown, object: KubeObject) => void deleted.push(object.metadata.name),
  } as unknown as Shell
  await keepParts(living, shell, { readFacts: () => certificates, members: noMembers })
  if (refused !== undefined) expect(answered).toContain(refused)
  return deleted
}

it('nothing is deleted in a pass in which something was refused: what it should replace is in use', async () => {
  expect(await deletedWhile()).toEqual(['kmc-prod-config-unused'])
  expect(await deletedWhile('Service')).toEqual([])
})

it('but a ConfigMap of somebody else under the name of the documents keeps nothing from being deleted', async () => {
  expect(await deletedWhile(namesOf('prod').oidc)).toEqual(['kmc-prod-config-unused'])
})

/** The StatefulSet that is told of, where the cache has this one after the pass. */
async function setToldOf(after: Partial<ObjectMeta>): Promise<ObjectMeta | undefined> {
  const { k0sSet: set } = living
  const get = () => ({ ...set, metadata: { ...set?.metadata, ...after } })
  const apply = async (objects: readonly KubeObject[]) => objects.map(object => ({ object, result: 'applied' }))
  const shell = { read: { get }, patch: same, mint: same, renew: same, apply, delete: same } as unknown as Shell
  return (await keepParts(living, shell, { readFacts: () => certificates, members: noMembers })).observed.k0sSet
    ?.metadata
}

it('what is told is of the StatefulSet as the pass has left it, and of no other', async () => {
  expect(await setToldOf({ generation: 2 })).toMatchObject({ generation: 2 })
  expect(await setToldOf({ generation: 2, uid: 'another' })).toEqual(living.k0sSet?.metadata)
  // a newer status without another template would be told beside the pods of before
  expect(await setToldOf({ resourceVersion: '999' })).toEqual(living.k0sSet?.metadata)
})

/** How often a pass changes members, with these results of applying objects of a kind; all others are as they should be. */
async function changedWith(results: Readonly<Record<string, Applied['result']>>): Promise<number> {
  const before = observed(spec, {
    ...certificates,
    services: [liveService('ClusterIP'), etcdService],
    statefulSets: [liveSet(namesOf('prod').etcd, { status: { replicas: 1, readyReplicas: 1 } })],
  })
  const answer = (object: KubeObject): Applied => ({ object, result: results[object.kind ?? ''] ?? 'unchanged' })
  const apply = async (objects: readonly KubeObject[]) => objects.map(answer)
  const shell = {
    read: { get: () => undefined },
    patch: same,
    mint: same,
    renew: same,
    apply,
    delete: same,
  } as unknown as Shell
  let changes = 0
  const change = async () => {
    changes += 1
    return []
  }
  await keepParts(before, shell, { readFacts: () => certificates, members: { ...noMembers, change } })
  return changes
}

it.each<[string, Readonly<Record<string, Applied['result']>>, number]>([
  ['all is as it should be', {}, 1],
  ['their files were just written', { ConfigMap: 'applied' }, 1],
  ['their files were refused', { ConfigMap: 'refused' }, 0],
  ['their StatefulSet was just changed', { StatefulSet: 'applied' }, 0],
  ['their StatefulSet was refused', { StatefulSet: 'refused' }, 0],
  ['something else was refused', { NetworkPolicy: 'refused' }, 1],
])('members change, or not, when %s', async (_what, results, times) => {
  expect(await changedWith(results)).toBe(times)
})
