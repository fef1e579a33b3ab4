// Whom a change concerns, and what is remembered of it — core
import { clusterNameLabel, type KubeObject, k0sWorkerConfig } from '@k0smotron-ts/api'
import { type KubeSecret, keyOf, type StoreReader } from '@k0smotron-ts/runtime'
import { describe, expect, test } from 'vitest'
import { cluster, machineOf, machinePool, secret, workerConfig } from '../../../testing/observed.ts'
import { wakesOf } from './wakes.ts'

const configRef = (name: string) => ({
  bootstrap: { configRef: { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'K0sWorkerConfig', name } },
})
const machine = machineOf(configRef('m1'))
const pool = {
  ...machinePool,
  spec: { ...machinePool.spec, template: { spec: { ...machinePool.spec.template.spec, ...configRef('pool') } } },
}
const foreign = {
  ...machineOf({
    bootstrap: { configRef: { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'KubeadmConfig', name: 'k' } },
  }),
}

/** What the cache would hold. */
const objects = [workerConfig({}), machine, foreign, pool]

const read: StoreReader = {
  get: (type, key) => objects.find(one => one.kind === type.kind && one.metadata.name === key.name) as never,
  /** Machines and pools of one cluster, by its namespace and name. */
  by: (type, _, value) =>
    objects.filter(
      one =>
        one.kind === type.kind &&
        'clusterName' in one.spec &&
        `${one.metadata.namespace}/${one.spec.clusterName}` === value,
    ) as never,
}

function wokenBy(object: KubeObject): (string | undefined)[] {
  const wake = wakesOf(undefined).find(({ watched }) => watched.type.kind === object.kind)
  return wake?.keys(object, read).map(({ name }) => name) ?? []
}

const labelled = (name: string): KubeSecret => {
  const made = secret(name, { value: 'a', 'tls.crt': 'b', 'tls.key': 'c' })
  return { ...made, metadata: { ...made.metadata, labels: { [clusterNameLabel]: 'prod' }, annotations: { a: 'b' } } }
}

describe('wakes', () => {
  test.each<[string, KubeObject, readonly string[]]>([
    ['the config itself', workerConfig({}), ['m1']],
    ['its Machine', machine, ['m1']],
    ['a Machine of another bootstrap provider', foreign, []],
    ['its pool', pool, ['pool']],
    ['its Cluster: all of them', cluster, ['m1', 'pool']],
    ['the authority: all of them', labelled('prod-ca'), ['m1', 'pool']],
    ['the kubeconfig: all of them', labelled('prod-kubeconfig'), ['m1', 'pool']],
    ['its data', labelled('m1'), ['m1']],
    ['its join token', labelled('m1-join-token'), ['m1']],
    ['any other Secret', labelled('prod-etcd'), []],
  ])('%s', (_, object, names) => {
    expect(wokenBy(object)).toEqual(names)
  })

  test.each([machine, pool])('the cache finds $kind by its cluster', object => {
    const wake = wakesOf(undefined).find(({ watched }) => watched.type.kind === object.kind)
    expect(wake?.watched.indexes?.cluster?.(object)).toEqual(['team/prod'])
  })

  test('one namespace only, when told so', () => {
    expect(new Set(wakesOf('team').map(({ watched }) => watched.namespace))).toEqual(new Set(['team']))
    expect(keyOf(workerConfig({}))).toEqual({ namespace: 'team', name: 'm1' })
  })
})

describe('remembers', () => {
  const kept = (object: KubeObject) =>
    wakesOf(undefined)
      .find(({ watched }) => watched.type.kind === object.kind)
      ?.watched.keep?.(object) as KubeSecret

  test.each([
    ['of the authority the certificate, not its key', 'prod-ca', ['tls.crt']],
    ['the kubeconfig', 'prod-kubeconfig', ['value', 'tls.crt', 'tls.key']],
    ['the join token', 'm1-join-token', ['value', 'tls.crt', 'tls.key']],
    ['of bootstrap data nothing', 'm1', []],
    ['of other keys nothing', 'prod-sa', []],
  ])('%s', (_, name, keys) => {
    expect(Object.keys(kept(labelled(name)).data ?? {})).toEqual(keys)
  })

  test('annotations only where they are read', () => {
    expect(kept(labelled('m1-join-token')).metadata.annotations).toEqual({ a: 'b' })
    expect(kept(labelled('m1')).metadata.annotations).toBeUndefined()
  })

  test('of a Machine whether it has a node', () => {
    const status = { nodeRef: { name: 'n' }, conditions: [] }
    expect(kept({ ...machine, status } as KubeObject)).toEqual({ ...machine, status: { nodeRef: { name: 'n' } } })
  })
})

test('the primary kind is watched whole: its status is compared with what we want to say', () => {
  const wake = wakesOf(undefined).find(({ watched }) => watched.type === (k0sWorkerConfig as unknown))
  expect(wake?.watched.keep).toBeUndefined()
})
