import type { KubeObject, OwnerReference } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { NotOursError, remedyFor } from './ownership.ts'

const labels = { app: 'web', tier: 'front' }
const desired = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', labels } }
const owner: OwnerReference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: '1', controller: true }
const live = (kind: string, metadata: KubeObject['metadata'] = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web', ...metadata },
})

describe('what to do about an object that is not ours', () => {
  it.each<[string, KubeObject, string]>([
    [
      'nobody has it, and a label is missing',
      live('Service', { labels: { app: 'web' } }),
      'if it is a restored part of this cluster, label it tier=front; else rename or delete it',
    ],
    ['somebody has it', live('Service', { ownerReferences: [owner] }), 'rename or delete it'],
    ['it has all labels', live('Service', { labels }), 'rename or delete it'],
    [
      'its data may go with it',
      live('StatefulSet', { ownerReferences: [owner] }),
      'give the cluster another name, for its data may go with a StatefulSet that is deleted',
    ],
  ])('%s', (_, object, remedy) => {
    expect(remedyFor(object, desired)).toBe(remedy)
  })

  it('is said after whose it is', () => {
    const { message } = new NotOursError(live('Service', { ownerReferences: [owner] }))
    expect(message).toBe('Service web exists and belongs to Deployment shop; rename or delete it')
  })
})
