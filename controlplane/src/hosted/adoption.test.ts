import type { OwnerReference } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { certificates, liveSet, observed, secret } from '../testing/observed.ts'
import { ownerlessParts, ownerlessSecrets } from './adoption.ts'
import { type Component, labelsOf } from './identity.ts'
import { listOwned, type Owned } from './owned.ts'

const version = 'v1.36.3+k0s.1'
const labels = (component: Component) => labelsOf({ clusterName: 'prod' }, component)
const none = listOwned(() => [])

interface Marks {
  readonly name?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly deletionTimestamp?: string
}

/** The set of etcd as a restore leaves it. */
const etcdSet = (marks: Marks = {}) =>
  liveSet('kmc-prod-etcd', { metadata: { name: 'kmc-prod-etcd', namespace: 'team', labels: labels('etcd'), ...marks } })

const found = (ownerless: Partial<Owned>) =>
  ownerlessParts(observed({ version }, { ...certificates, ownerless: { ...none, ...ownerless } }))
const mark = (fingerprint: string) => ({ 'k0smotron.io/authority': fingerprint })
const fitting = mark('fingerprint of etcd')

describe('a part without an owner', () => {
  it('is ours by name and labels, a StatefulSet by its authority too', () => {
    const set = etcdSet({ annotations: fitting })
    expect(found({ statefulSets: [set] })).toEqual([
      { type: expect.objectContaining({ kind: 'StatefulSet' }), object: set },
    ])
  })

  it('is ours too when it is the one ConfigMap in which earlier releases kept all configurations', () => {
    const metadata = { name: 'kmc-prod-config', namespace: 'team', labels: labels('cluster-config') }
    const shared = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
    expect(found({ configMaps: [shared] }).map(({ object }) => object)).toEqual([shared])
  })

  it('is ours too when it is a Secret with a configuration of k0s, under the name that its label says', () => {
    const metadata = {
      name: 'kmc-prod-config-abc',
      namespace: 'team',
      labels: { ...labels('cluster-config'), 'k0smotron.io/config': 'abc' },
    }
    const config = { apiVersion: 'v1', kind: 'Secret', metadata }
    const copy = { ...config, metadata: { ...metadata, name: 'kmc-prod-config-x' } }
    expect(found({ configSecrets: [config, copy] }).map(({ object }) => object)).toEqual([config])
  })

  it('is ours too when it is the ConfigMap with the documents of the issuer', () => {
    const metadata = { name: 'prod-oidc', namespace: 'team', labels: labels('oidc') }
    const documents = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
    expect(found({ configMaps: [documents] }).map(({ object }) => object)).toEqual([documents])
  })

  const other = { apiVersion: 'v1', kind: 'Other', name: 'x', uid: '1' }
  it.each<[string, Marks]>([
    ['it has an owner, if only one that is no controller', { ownerReferences: [other] }],
    ['its name is not one of ours', { name: 'kmc-prod-copy' }],
    ['a label is missing', { labels: { app: 'k0smotron' } }],
    ['its labels are those of another component', { labels: { ...labels('etcd'), component: 'cluster' } }],
    ['it is going', { deletionTimestamp: '2026-01-01T00:00:00Z' }],
  ])('is not ours when %s', (_, marks) => {
    expect(found({ statefulSets: [etcdSet({ annotations: fitting, ...marks })] })).toEqual([])
  })

  it.each<[string, Marks, string]>([
    [
      'of another authority',
      { annotations: mark('x') },
      'it was made with another authority than Secret prod-etcd has: put that one back',
    ],
    ['of nobody knows which', {}, 'nothing tells whose data it has: give the cluster another name'],
    [
      'left behind for a move',
      { annotations: { ...fitting, 'k0smotron.io/released-from': 'uid' } },
      'it was left behind for a move; take its annotation k0smotron.io/released-from off to give it to this control plane',
    ],
  ])('stands in the way: %s', (_, marks, unfit) => {
    expect(found({ statefulSets: [etcdSet(marks)] })).toMatchObject([{ unfit }])
  })

  it('is left alone when it was left behind for a move, unless it is a StatefulSet', () => {
    const { metadata } = etcdSet({ annotations: { 'k0smotron.io/released-from': 'uid' } })
    expect(found({ services: [{ apiVersion: 'v1', kind: 'Service', metadata }] })).toEqual([])
  })

  it('stands in the way where its volume is of another cluster, though the authority of etcd is the same', () => {
    const ofCluster = (fingerprint: string) => ({
      ...etcdSet({ annotations: fitting }),
      spec: {
        volumeClaimTemplates: [{ metadata: { annotations: { 'k0smotron.io/cluster-authority': fingerprint } } }],
      } as never,
    })
    expect(found({ statefulSets: [ofCluster('x')] })).toMatchObject([
      { unfit: 'it was made with another authority than Secret prod-ca has: put that one back' },
    ])
    expect(found({ statefulSets: [ofCluster('fingerprint of ca')] })).not.toMatchObject([{ unfit: expect.anything() }])
  })

  it('waits for the Secret that it was made with', () => {
    const ownerless = { ...none, statefulSets: [etcdSet({ annotations: fitting })] }
    expect(ownerlessParts(observed({ version }, { ownerless }))).toMatchObject([
      { unfit: 'restore Secret prod-etcd, with which it was made' },
    ])
  })
})

it('a Secret without an owner is ours by its labels and when its keys fit', () => {
  const lost = (purpose: 'ca' | 'sa') => {
    const { metadata, ...rest } = secret(purpose)
    return { ...rest, metadata: { ...metadata, labels: labels('certificates') } }
  }
  const secrets = { ca: lost('ca'), sa: lost('sa'), proxy: secret('proxy') }
  const facts = { ca: { fits: true }, sa: { fault: 'no pair' }, proxy: { fits: true } } as const
  const names = ownerlessSecrets(observed({ version }, { secrets, certificates: facts }))
  expect(names.map(({ object }) => object.metadata.name)).toEqual(['prod-ca'])
})
