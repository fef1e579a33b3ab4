// What a pass tells and does when something is in the way — shell
import { ApiError, awaitChange } from '@k0smotron-ts/runtime'
import { describe, expect, test } from 'vitest'
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
import { renderDataSecret } from './data-secret.ts'
import { parseJoinToken, revokedAnnotation } from './join-token.ts'

const request = 'POST x'
const silence = new ApiError({ reason: 'Unavailable', message: 'the connection to the API server failed', request })
const refusal = new ApiError({ reason: 'Forbidden', message: 'secrets is forbidden', request })
const labels = { 'cluster.x-k8s.io/cluster-name': 'prod' }
const settled = { dataSecretName: 'm1', initialization: { dataSecretCreated: true } }
const having = { secrets: { ...secrets, joinToken, bootstrap: bootstrapData } }
const told = workerConfig({}, settled)
const joining = observed({}, { ...having, config: told })
const deleted = { deletionTimestamp: '2026-05-01T00:00:00Z' }

/** The data of the Machine with this very token. */
const fullData = {
  ...renderDataSecret(observed(), { id: 'abcdef', secret: '0123456789abcdef' }),
  metadata: { ...bootstrapData.metadata, labels },
}

test('a follow-up that fails takes nothing back of what was told about the data', async () => {
  const machine = machineOf({}, { status: { nodeRef: { name: 'n' } } })
  const snapshot = observed({}, { machine, secrets: { ...secrets, joinToken } })
  const world = scriptedWorld(snapshot, { refusals: { delete: silence } })
  expect((await world.pass()).kind).toBe('requeueAfter')
  expect(world.told.length).toBeGreaterThan(0)
  for (const status of world.told) {
    expect(status).toMatchObject(settled)
    expect(said(status, 'DataSecretAvailable')).toBe('True Available')
  }
})

describe('what hinders a machine that has its data', () => {
  test('nobody answers', async () => {
    const health = { kind: 'unreachable', message: 'no answer', retryInMs: 7_000 } as const
    const world = scriptedWorld(joining, { health })
    expect(await world.pass()).toEqual({ kind: 'requeueAfter', milliseconds: 7_000 })
    expect(world.told.map(status => said(status, 'Joinable'))).toEqual(['False ControlPlaneUnreachable'])
    expect(said(world.told[0], 'DataSecretAvailable')).toBe('True Available')
  })

  test('the hosted cluster refuses: told, and tried again', async () => {
    const world = scriptedWorld(joining, { refusals: { create: refusal }, tokens: [] })
    await expect(world.pass()).rejects.toThrow('the workload cluster refused a request: secrets is forbidden')
    expect(world.told.map(status => said(status, 'Joinable'))).toEqual(['False WorkloadRefused'])
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
    const unknown = scriptedWorld({ ...joining, config }, { health: { kind: 'unknown' } })
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
  ])('of %s comes back from the data, and in the hosted cluster', async (_, snapshot) => {
    const world = scriptedWorld(snapshot, { stored: [fullData], tokens: [] })
    await world.pass()
    expect(world.minted.map(parseJoinToken)).toEqual([{ id: 'abcdef', secret: '0123456789abcdef' }])
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
      [
        'm1',
        [
          { op: 'test', path: '/metadata/resourceVersion', value: '7' },
          { op: 'add', path: '/metadata/labels', value: labels },
        ],
      ],
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
