import type { KubeSecret, Shell } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { observed } from '../../../testing/observed.ts'
import { labelsOf, metadataOf } from '../../identity.ts'
import { createConfig } from './store.ts'

const known = observed({})
const metadata = metadataOf(known, 'kmc-prod-config-x', 'cluster-config')
const labels = { ...labelsOf(known, 'cluster-config'), 'k0smotron.io/config': 'x' }
const wanted: KubeSecret = {
  apiVersion: 'v1',
  kind: 'Secret',
  immutable: true,
  metadata: { ...metadata, labels },
  data: { 'k0s.yaml': 'eA==' },
}

/** What is written where one is there already, under its resourceVersion. */
async function renewed(there: KubeSecret): Promise<readonly KubeSecret[]> {
  const written: KubeSecret[] = []
  const renew = async (_: unknown, object: KubeSecret) => {
    written.push(object)
    return object
  }
  await createConfig(known, { mint: async () => there, renew } as unknown as Shell, wanted)
  return written
}

describe('a configuration that is there already', () => {
  it.each(['cluster.x-k8s.io/cluster-name', 'k0smotron.io/config'])(
    'gets its label %s back, without which the cache does not have it',
    lost => {
      const { [lost]: _, ...left } = { ...labels, other: 'stays' } as Readonly<Record<string, string>>
      const there = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: '7', labels: left } }
      const whole = { ...there, metadata: { ...there.metadata, labels: { ...labels, other: 'stays' } } }
      return expect(renewed(there)).resolves.toEqual([whole])
    },
  )

  it('is left alone with all of them, and where it is of somebody else', async () => {
    expect(await renewed({ ...wanted, metadata: { ...wanted.metadata, labels: { ...labels, other: 'x' } } })).toEqual(
      [],
    )
    const { ownerReferences: _, ...others } = wanted.metadata
    await expect(renewed({ ...wanted, metadata: others })).rejects.toThrow('delete it')
  })
})
