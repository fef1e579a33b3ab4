// Which volumes are made and removed — core
import { expect, test } from 'vitest'
import { type Claim, planVolumes, type Volume, volumeClass } from './plan-volumes.ts'

const claim = (changes: { node?: string; class?: string; volumeName?: string } = {}): Claim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    namespace: 'tenant',
    name: 'data-0',
    uid: 'u-1',
    annotations: changes.node === undefined ? {} : { 'volume.kubernetes.io/selected-node': changes.node },
  },
  spec: {
    storageClassName: changes.class ?? volumeClass,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '3Gi' } },
    ...(changes.volumeName && { volumeName: changes.volumeName }),
  },
})

const made = (): Volume => {
  const [placed] = planVolumes([claim({ node: 'node-2' })], []).make
  if (!placed) throw new Error('No volume was planned')
  return placed.volume
}

test('a claim whose pod has a node gets a volume there, bound to that claim alone', () => {
  const { make, remove } = planVolumes([claim({ node: 'node-2' })], [])
  expect(remove).toEqual([])
  expect(make).toMatchObject([
    {
      node: 'node-2',
      volume: {
        metadata: { name: 'pvc-u-1' },
        spec: {
          capacity: { storage: '3Gi' },
          accessModes: ['ReadWriteOnce'],
          claimRef: { namespace: 'tenant', name: 'data-0', uid: 'u-1' },
          local: { path: '/var/lib/lab-volumes/pvc-u-1' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-2'] }] },
              ],
            },
          },
        },
      },
    },
  ])
})

test.each([
  ['no pod has been scheduled', claim()],
  ['it is of another class', claim({ node: 'node-1', class: 'fast' })],
  ['it has a volume', claim({ node: 'node-1', volumeName: 'pvc-u-1' })],
])('a claim gets nothing while %s', (_name, waiting) => {
  expect(planVolumes([waiting], []).make).toEqual([])
})

test('a volume is made once, however often we look', () => {
  expect(planVolumes([claim({ node: 'node-2' })], [made()])).toEqual({ make: [], remove: [] })
})

test.each([
  ['its claim is gone', 'Released', 'Delete', 1],
  ['its claim is there', 'Bound', 'Delete', 0],
  ['somebody wants to keep it', 'Released', 'Retain', 0],
] as const)('whether a volume is removed when %s', (_name, phase, persistentVolumeReclaimPolicy, count) => {
  const volume = made()
  const seen: Volume = { ...volume, spec: { ...volume.spec, persistentVolumeReclaimPolicy }, status: { phase } }
  expect(planVolumes([], [seen]).remove.map(({ node }) => node)).toEqual(Array(count).fill('node-2'))
})

test('volumes of others are left alone', () => {
  const volume = made()
  const foreign: Volume = { ...volume, metadata: { name: 'theirs' }, status: { phase: 'Released' } }
  expect(planVolumes([], [foreign])).toEqual({ make: [], remove: [] })
})
