// When it is noted that members stay, and when that goes, on both kinds — core
import { namesOf } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { ownMetadata as ofCluster } from '../controllers/cluster/claim.ts'
import { hostedInput } from '../controllers/cluster/snapshot.ts'
import { ownMetadata } from '../controllers/k0smotroncontrolplane/claim.ts'
import { controlPlane, etcdVolume, liveSet, snapshot } from '../testing/observed.ts'
import { withFacts } from './facts/facts.ts'

const scaled = [{ manager: 'kubectl', operation: 'Update', subresource: 'scale' }] as const
const keeps = 'k0smotron.io/keeps-members'
const add = (value: string) => ({ op: 'add', path: '/metadata/annotations/k0smotron.io~1keeps-members', value })
const remove = { op: 'remove', path: '/metadata/annotations/k0smotron.io~1keeps-members' }
const three = [etcdVolume(0, '17'), etcdVolume(1, '18'), etcdVolume(2, '19')]

interface Written {
  readonly replicas: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly managedFields?: typeof scaled
}

const formed = { 'k0smotron.io/datastore-formed': 'true' }

function patches({ replicas, annotations = {}, ...rest }: Written): readonly unknown[] {
  const own = controlPlane({ replicas })
  const written = { annotations: { ...formed, ...annotations }, ...rest }
  const finalizers = ['k0smotron.io/controlplane', 'k0smotron.io/cluster']
  const object = { ...own, metadata: { ...own.metadata, finalizers, ...written } }
  const statefulSets = [liveSet(namesOf('prod').etcd, { spec: { replicas: 3 } as never })]
  const seen = snapshot({ replicas }, { controlPlane: object, statefulSets, datastoreClaims: three })
  const metadata = { ...object.metadata, name: 'prod' }
  const cluster = { apiVersion: 'k0smotron.io/v1beta2', kind: 'Cluster', metadata, spec: { replicas } } as const
  const input = hostedInput(cluster as never, undefined)
  const hosted = withFacts({ ...seen.hosted, ...input })
  const found = [ownMetadata(seen), ofCluster({ cluster: cluster as never, hosted })]
  return found.map(patch => patch?.operations.filter(({ path }) => path.includes('keeps-members')) ?? [])
}

const both = (...operations: readonly object[]) => [operations, operations]

describe.each([1, 2])('three members, and spec.replicas %i', replicas => {
  it.each<[string, Omit<Written, 'replicas'>, readonly (readonly object[])[]]>([
    ['written through /scale: noted', { managedFields: scaled }, replicas === 1 ? both(add('1')) : both()],
    ['noted before: nothing to do', { annotations: { [keeps]: String(replicas) } }, both()],
    ['noted of another number, by nobody knows whom: it goes', { annotations: { [keeps]: '5' } }, both(remove)],
    [
      'noted of another number, and scaled again',
      { annotations: { [keeps]: '5' }, managedFields: scaled },
      replicas === 1 ? both(add('1')) : both(remove),
    ],
    [
      'written through /scale, which may take members',
      { annotations: { 'k0smotron.io/scale-down-members': '' }, managedFields: scaled },
      both(),
    ],
    ['written into the spec', {}, both()],
  ])('%s', (_, written, expected) => {
    expect(patches({ replicas, ...written })).toEqual(expected)
  })
})

it('by 0 no member is to go, so nothing is noted', () => {
  expect(patches({ replicas: 0, managedFields: scaled })).toEqual(both())
})
