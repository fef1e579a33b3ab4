// What a pass tells and does when something is in the way — shell
import { tokenInData } from '@k0smotron-ts/api'
import { ApiError, awaitChange, guards } from '@k0smotron-ts/runtime'
import { describe, expect, test } from 'vitest'
import { workerInput } from '../../cloudinit/testing/inputs.ts'
import {
  bootstrapData,
  cluster,
  joinToken,
  machineOf,
  machinePool,
  observed,
  ownedBy,
  secret,
  secrets,
  without,
  workerConfig,
} from '../../testing/observed.ts'
import { said, scriptedWorld } from '../../testing/scripted-world.ts'
import { renderDataSecret } from './data/data-secret.ts'
import { revokedAnnotation } from './token/join-token.ts'

const request = 'POST x'
const silence = new ApiError({ reason: 'Unavailable', message: 'the API server cannot be reached', request })
const refusal = new ApiError({ reason: 'Forbidden', message: 'secrets is forbidden', request })
const labels = { 'cluster.x-k8s.io/cluster-name': 'prod' }
const settled = { dataSecretName: 'm1', initialization: { dataSecretCreated: true } }
const having = { secrets: { ...secrets, joinToken, bootstrap: bootstrapData } }
const told = workerConfig({}, settled)
const joining = observed({}, { ...having, config: told })
const isWarning = ({ type }: { readonly type: string }): boolean => type === 'Warning'
const deleted = { deletionTimestamp: '2026-05-01T00:00:00Z' }

/** The data of the Machine with this very token. */
const fullData = {
  ...renderDataSecret(observed(), workerInput()),
  metadata: { ...bootstrapData.metadata, labels },
}

test('a follow-up that fails takes nothing back of what was told about the data', async () => {
  const machine = machineOf({}, { status: { nodeRef: { name: 'n' } } })
  const snapshot = observed({}, { machine, secrets: { ...secrets, joinToken } })
  const world = scriptedWorld(snapshot, { refusals: { delete: silence } })
  expect(await world.pass()).toEqual(awaitChange) // who opened a cluster is woken when it goes silent
  expect(world.told.length).toBeGreaterThan(0)
  for (const status of world.told) {
    expect(status).toMatchObject(settled)
    expect(said(status, 'DataSecretAvailable')).toBe('True Available')
  }
})

describe('what keeps a machine that has its data from joining', () => {
  const closed = { kind: 'unreachable', message: 'no answer' } as const

  test('the workload cluster has more nodes than are remembered', async () => {
    const world = scriptedWorld(joining, { isInVain: true })
    expect(await world.pass()).toEqual(awaitChange) // it is woken when they are looked at again
    expect(said(world.told.at(-1), 'Joinable')).toBe('False TooManyObjects')
  })

  test('nobody answers: told once that has lasted, not after one answer that is late', async () => {
    const world = scriptedWorld(joining, { closed })
    expect(await world.pass()).toEqual({ kind: 'requeueAfter', milliseconds: 10_000 })
    expect(world.told.map(status => said(status, 'Joinable'))).toEqual(['absent'])
    world.later(10_000)
    expect(await world.pass()).toEqual({ kind: 'awaitChange' }) // an answer wakes it
    expect(said(world.told.at(-1), 'Joinable')).toBe('False ControlPlaneUnreachable')
    expect(said(world.told.at(-1), 'DataSecretAvailable')).toBe('True Available')
    expect(world.events.filter(isWarning).map(({ reason }) => reason)).toEqual(['ControlPlaneUnreachable'])
  })

  const hibernated = { type: 'ControlPlaneAvailable', status: 'False', reason: 'Hibernated', message: 'x' } as const
  const mirrored = [{ ...hibernated, lastTransitionTime: '2026-05-01T00:00:00Z' }]
  const asleep = { ...cluster, status: { ...cluster.status, conditions: mirrored } }

  test('the control plane hibernates: told at once, nobody is asked, and nobody is warned', async () => {
    const world = scriptedWorld({ ...joining, cluster: asleep }, { closed })
    expect(await world.pass()).toEqual(awaitChange) // the Cluster is watched
    expect(said(world.told.at(-1), 'Joinable')).toBe('False Hibernated')
    expect(said(world.told.at(-1), 'DataSecretAvailable')).toBe('True Available')
    expect([world.asked, world.events.filter(isWarning)]).toEqual([[], []])
  })

  test('the control plane hibernates before there is data', async () => {
    const world = scriptedWorld(observed({}, { cluster: asleep }), { tokens: [] })
    expect(await world.pass()).toEqual(awaitChange)
    expect(said(world.told.at(-1), 'DataSecretAvailable')).toBe('False Hibernated')
    expect([world.asked, world.events.filter(isWarning)]).toEqual([[], []])
  })

  test('a machine that has joined is not said to be unable to join', async () => {
    const machine = machineOf({}, { status: { nodeRef: { name: 'n' } } })
    const world = scriptedWorld({ ...joining, machine }, { closed })
    await world.pass()
    world.later(3_600_000)
    await world.pass()
    expect(world.told.map(status => said(status, 'Joinable'))).toEqual(['absent', 'absent'])
  })

  test('the workload cluster refuses: told in words that do not change, its own once in an Event; tried again', async () => {
    const world = scriptedWorld(joining, { refusals: { create: refusal }, tokens: [] })
    await expect(world.pass()).rejects.toThrow('the workload cluster refused a request: secrets is forbidden')
    const message =
      "refused: Secret (Forbidden); may the user of the kubeconfig Secret write Secrets in kube-system and patch nodes there?; an Event has the server's answer"
    const refused = { type: 'Joinable', status: 'False', reason: 'WorkloadRefused', message }
    expect(world.told.at(-1)?.conditions).toContainEqual(refused)

    world.answers({ create: new ApiError({ reason: 'Forbidden', message: 'denied, request 17', request }) })
    await expect(world.pass()).rejects.toThrow('denied, request 17')
    expect(world.told.at(-1)?.conditions).toContainEqual(refused)
    expect(world.events.filter(isWarning)).toEqual([
      { type: 'Warning', reason: 'WorkloadRefused', message: 'secrets is forbidden' },
    ])
  })

  test('a cloud controller that it waits for', async () => {
    const config = workerConfig({ args: ['--enable-cloud-provider'] }, settled)
    const world = scriptedWorld({ ...joining, config }, { tokens: [] })
    await world.pass()
    expect(said(world.told[0], 'Joinable')).toBe('Unknown WaitingForCloudController')
  })

  test('a token that was edited is named, not used', async () => {
    const edited = secret('m1-join-token', { 'token-id': 'ABC' })
    const snapshot = observed({}, { config: told, secrets: { ...having.secrets, joinToken: edited } })
    const world = scriptedWorld(snapshot, { tokens: [] })
    expect(await world.pass()).toEqual(awaitChange)
    expect(said(world.told[0], 'Joinable')).toBe('False InvalidJoinToken')
    expect(world.asked).toEqual([])
  })

  test('what was said stays while nothing new is known, and goes with its cause', async () => {
    const known = {
      type: 'Joinable',
      status: 'False',
      reason: 'ControlPlaneUnreachable',
      message: 'no answer',
    } as const
    const conditions = [{ ...known, lastTransitionTime: '2026-05-01T00:00:00Z' }]
    const config = workerConfig({}, { ...settled, conditions })
    const unknown = scriptedWorld({ ...joining, config }, { closed: { kind: 'unknown' } })
    await unknown.pass()
    expect(said(unknown.told[0], 'Joinable')).toBe('False ControlPlaneUnreachable')

    const better = scriptedWorld({ ...joining, config }, { tokens: [] })
    await better.pass()
    expect(said(better.told[0], 'Joinable')).toBe('absent')
  })
})

test('before there is data, a cluster that refuses is not said to be silent', async () => {
  const world = scriptedWorld(observed(), { refusals: { create: refusal } })
  await expect(world.pass()).rejects.toThrow('secrets is forbidden')
  expect(world.told.map(status => said(status, 'DataSecretAvailable'))).toEqual(['False WorkloadRefused'])
})

describe('a join token that was deleted here', () => {
  const lost = observed({}, { config: told, secrets: { ...secrets, bootstrap: bootstrapData } })

  const ownedByPool = workerConfig({}, settled, { ownerReferences: [ownedBy('MachinePool', 'p1')] })

  test.each([
    ['a Machine', lost],
    ['a pool', { ...without(lost, 'machine'), machinePool, config: ownedByPool }],
  ])('of %s comes back from the data, and in the workload cluster', async (_, snapshot) => {
    const world = scriptedWorld(snapshot, { stored: [fullData], tokens: [] })
    await world.pass()
    expect(world.minted.map(({ data }) => tokenInData(data))).toEqual([{ id: 'abcdef', secret: '0123456789abcdef' }])
    expect(world.asked).toEqual(['create bootstrap-token-abcdef'])
  })

  test.each([
    ['another form', secret('m1', { value: '#!/bin/sh\n' })],
    ['a token of another form', secret('m1', { value: '#cloud-config\nwrite_files: [{path: /a, content: x}]\n' })],
  ])('stays away where the data has %s', async (_, stored) => {
    const world = scriptedWorld(lost, { stored: [stored], tokens: [] })
    await world.pass()
    expect([world.minted, world.asked]).toEqual([[], []])
  })
})

describe('Secrets of ours that lost the label of the contract', () => {
  const { labels: _, ...bare } = fullData.metadata
  const unlabelled = { ...fullData, metadata: bare }
  const snapshot = observed({}, { config: told, secrets: { ...secrets, joinToken } })

  test('get it back, once', async () => {
    const world = scriptedWorld(snapshot, { stored: [unlabelled], tokens: [] })
    await world.pass()
    expect(world.patched).toEqual([
      ['m1', [...guards(unlabelled), { op: 'add', path: '/metadata/labels', value: labels }]],
    ])
  })

  test('one of someone else is left alone', async () => {
    const foreign = secret('m1', { value: 'x' }, '')
    const world = scriptedWorld(snapshot, { stored: [foreign], tokens: [] })
    await world.pass()
    expect(world.patched).toEqual([])
    expect(said(world.told.at(-1), 'DataSecretAvailable')).toBe('False NotOurs')
  })
})

test("a management cluster that fails for long: told in words that stay, the server's own once in an Event", async () => {
  const words = 'failed calling webhook x: timeout'
  const mintRefusal = new ApiError({ reason: 'Internal', message: words, request, lasts: true })
  const world = scriptedWorld(observed(), { mintRefusal, tokens: [] })
  await expect(world.pass()).rejects.toThrow(words)
  await expect(world.pass()).rejects.toThrow(words)
  expect(world.told.map(status => said(status, 'DataSecretAvailable'))).toEqual([
    'False RequestsFailing',
    'False RequestsFailing',
  ])
  expect(world.events.filter(isWarning)).toEqual([{ type: 'Warning', reason: 'RequestsFailing', message: words }])
})

test('the management cluster refuses: told with what to do, and the answer in an Event', async () => {
  const world = scriptedWorld(observed(), { mintRefusal: refusal, tokens: [] })
  await expect(world.pass()).rejects.toThrow('secrets is forbidden')
  const message =
    "refused: Secret (Forbidden); mend rights, quota or admission policy of the management cluster; an Event has the server's answer"
  expect(world.told[0]?.conditions[0]).toEqual({
    type: 'DataSecretAvailable',
    status: 'False',
    reason: 'ApplyRefused',
    message,
  })
  expect(world.events).toEqual([{ type: 'Warning', reason: 'ApplyRefused', message: 'secrets is forbidden' }])
})

test('data that is there is told before anything is done in the workload cluster, and once', async () => {
  const world = scriptedWorld(observed())
  expect(await world.pass()).toEqual(awaitChange)
  expect(world.told[0]).toMatchObject({
    ...settled,
    version: 'v1.36.3+k0s.0',
    joinTokenExpiration: '2026-05-02T00:00:00Z',
  })
  expect(world.events.map(({ reason }) => reason)).toEqual(['Available'])
})

test('a token that the Secret here names and that is of another config is left alone', async () => {
  const machine = machineOf({}, { status: { nodeRef: { name: 'n' } } })
  const world = scriptedWorld({ ...joining, machine }, { label: 'm2' })
  await world.pass()
  expect(world.asked).toEqual([])
  expect(world.patched.map(([name]) => name)).toEqual(['m1-join-token'])
})

describe('what is deleted before it joined', () => {
  const leaving = { ...joining, machine: machineOf({}, { metadata: { name: 'm1', uid: 'uid-of-m1', ...deleted } }) }
  const annotations = { [revokedAnnotation]: 'x' }
  const revoked = { ...joinToken, metadata: { ...joinToken.metadata, annotations } }

  test.each([
    ['leaves no way in', leaving, undefined, ['delete bootstrap-token-abcdef']],
    ['does not wait for a cluster that refuses', leaving, refusal, ['delete bootstrap-token-abcdef']],
    ['has none to leave', { ...leaving, secrets: { ...secrets, joinToken: revoked } }, undefined, []],
    [
      'goes with its cluster',
      { ...leaving, cluster: { ...cluster, metadata: { ...cluster.metadata, ...deleted } } },
      undefined,
      [],
    ],
  ])('%s', async (_, snapshot, answer, asked) => {
    const world = scriptedWorld(snapshot, answer ? { refusals: { delete: answer } } : {})
    expect(await world.pass()).toEqual(awaitChange)
    expect(world.asked).toEqual(asked)
    expect(world.told).toEqual([])
  })
})
