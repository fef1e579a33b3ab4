// Where a machine stands that has its data — core

import type { Node } from '@k0smotron-ts/runtime'
import { describe, expect, test } from 'vitest'
import {
  bootstrapData,
  cluster,
  joinToken,
  machineOf,
  machinePool,
  observed,
  secrets,
  without,
  workerConfig,
} from '../../../testing/observed.ts'
import type { Observed } from '../observed.ts'
import { revokedAnnotation } from '../token/join-token.ts'
import { machineNameOf, mismatchOf, nodeOf, providerIDPatch, stageOf, wantedProviderID } from './arrival.ts'

const found = { ...secrets, joinToken, bootstrap: bootstrapData }
const joining = observed({}, { secrets: found })
const joined = machineOf({}, { status: { nodeRef: { name: 'm1' } } })
const deleted = { deletionTimestamp: '2026-05-01T00:00:00Z' }
const revoked = {
  ...found,
  joinToken: { ...joinToken, metadata: { ...joinToken.metadata, annotations: { [revokedAnnotation]: 'x' } } },
}

test.each<[string, Observed, string]>([
  ['without a node', joining, 'joining'],
  ['without a node or a token of ours', observed({}, { secrets: { ...secrets, bootstrap: bootstrapData } }), 'joining'],
  ['with a node', { ...joining, machine: joined }, 'joined'],
  ['with a node, its token revoked', observed({}, { machine: joined, secrets: revoked }), 'over'],
  ['with a node, of an earlier operator', observed({}, { machine: joined }), 'over'],
  ['a pool, which can always grow', { ...without(joining, 'machine'), machinePool }, 'joining'],
  ['a pool without a token of ours', { ...without(observed(), 'machine'), machinePool }, 'joining'],
  ['without an owner', without(joining, 'machine'), 'over'],
  ['without a Cluster', without(joining, 'cluster'), 'over'],
  ['the config is deleted', { ...joining, config: workerConfig({}, {}, deleted) }, 'over'],
  ['the Machine is deleted', { ...joining, machine: machineOf({}, { metadata: deleted }) }, 'over'],
  ['the Cluster is deleted', { ...joining, cluster: { ...cluster, metadata: deleted } }, 'over'],
])('%s', (_, snapshot, stage) => {
  expect(stageOf(snapshot)).toBe(stage)
})

describe('provider ID', () => {
  const waiting = (spec: Observed['config']['spec'] = {}) =>
    observed(spec, { machine: machineOf({ providerID: 'lab://1' }) })
  const nodeWith = (spec: NonNullable<Node['spec']>): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'm1', uid: 'u' },
    spec,
  })
  const external = {
    taints: [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' }],
  } as const

  test.each([
    '--enable-cloud-provider=false',
    '--labels=a=--enable-cloud-provider',
    '--enable-cloud-provider --enable-cloud-provider=false',
    '--kubelet-extra-args=--cloud-provider=externally',
  ])('%s is no cloud controller', arg => {
    expect(wantedProviderID(waiting({ args: [arg] }))).toBe('lab://1')
  })

  test('a node without one gets that of its Machine', () => {
    expect(providerIDPatch(waiting(), nodeWith({}))).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'add', path: '/spec/providerID', value: 'lab://1' },
    ])
  })

  test.each<[string, Observed, Node]>([
    ['the Machine has none yet', observed(), nodeWith({})],
    ['the node has it', waiting(), nodeWith({ providerID: 'lab://1' })],
    ['the node has another', waiting(), nodeWith({ providerID: 'lab://2' })],
    ['a cloud controller sees to the node', waiting(), nodeWith(external)],
    ['the kubelet waits for a cloud controller', waiting({ args: ['--enable-cloud-provider'] }), nodeWith({})],
    ['it waits, said in so many words', waiting({ args: ['--enable-cloud-provider=true'] }), nodeWith({})],
    [
      'the kubelet waits for one by its own flag',
      waiting({ args: ['--kubelet-extra-args="--cloud-provider=external"'] }),
      nodeWith({}),
    ],
  ])('nothing is written: %s', (_, snapshot, node) => {
    expect(providerIDPatch(snapshot, node)).toBeUndefined()
  })

  test('another ID on the node is told', () => {
    expect(mismatchOf(waiting(), nodeWith({ providerID: 'lab://2' }))).toEqual({
      reason: 'ProviderIDMismatch',
      message: 'node m1 has the provider ID lab://2 and the Machine lab://1; it is left alone',
    })
    expect(mismatchOf(waiting(), nodeWith({ providerID: 'lab://1' }))).toBeUndefined()
  })

  const named = (name: string, spec: NonNullable<Node['spec']>, labels?: Record<string, string>): Node => ({
    ...nodeWith(spec),
    metadata: { name, ...(labels && { labels }) },
  })
  const label = { 'k0smotron.io/machine-name': 'm1' }
  const old = named('m1', { providerID: 'lab://old' })
  const free = waiting({ useSystemHostname: true })
  const renamed = waiting({ args: ['--kubelet-extra-args=--hostname-override=Host-7'] })

  test.each<[string, Observed, readonly Node[], string | undefined]>([
    ['none', waiting(), [], undefined],
    ['the one with name and label', waiting(), [named('m1', {}, label)], 'm1'],
    ['not another that only took the label', waiting(), [named('host-7', {}, label), named('m1', {}, label)], 'm1'],
    ['under the name that the user gave it', renamed, [named('host-7', {}, label)], 'host-7'],
    [
      'a name that only the machine knows: the labelled one',
      waiting({ args: ['--kubelet-extra-args=--hostname-override=%{hostname}'] }),
      [named('host-7', {}, label)],
      'host-7',
    ],
    ['the host names itself: the labelled one', free, [old, named('host-7', {}, label)], 'host-7'],
    [
      'the one that can still get the ID',
      free,
      [named('host-1', { providerID: 'lab://old' }, label), named('host-2', {}, label)],
      'host-2',
    ],
    [
      'the one that has it',
      free,
      [named('host-1', {}, label), named('host-2', { providerID: 'lab://1' }, label)],
      'host-2',
    ],
  ])('of several candidates: %s', (_, snapshot, candidates, name) => {
    const it = nodeOf(snapshot, candidates)
    expect(it.kind === 'node' ? it.node.metadata.name : undefined).toBe(name)
  })

  test.each<[string, readonly Node[], string]>([
    ['only the name', [old], 'node m1 lacks the label k0smotron.io/machine-name; it gets no provider ID'],
    [
      'only the label',
      [named('host-7', {}, label)],
      'node host-7 has the label of this Machine, and not its name m1; it gets no provider ID',
    ],
  ])('a node with %s is told', (_, candidates, message) => {
    expect(nodeOf(waiting(), candidates)).toEqual({ kind: 'impostor', wait: { reason: 'NodeMismatch', message } })
  })

  test('a node is found by its label, else by its name', () => {
    expect(machineNameOf(nodeWith({}))).toBe('m1')
    const labelled = { ...nodeWith({}), metadata: { name: 'host-7', labels: { 'k0smotron.io/machine-name': 'm2' } } }
    expect(machineNameOf(labelled)).toBe('m2')
  })
})
