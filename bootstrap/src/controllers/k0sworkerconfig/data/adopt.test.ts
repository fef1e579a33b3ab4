// Secrets without an owner: what is done with them, and what is told — shell
import { awaitChange, type KubeSecret } from '@k0smotron-ts/runtime'
import { expect, test } from 'vitest'
import { workerInput } from '../../../cloudinit/testing/inputs.ts'
import { joinToken, machineOf, observed, secrets } from '../../../testing/observed.ts'
import { type Script, said, scriptedWorld } from '../../../testing/scripted-world.ts'
import type { Observed } from '../observed.ts'
import { renderDataSecret } from './data-secret.ts'

/** As a restore leaves it, and as anybody makes it who may create Secrets. */
function bare(object: KubeSecret, component: string): KubeSecret {
  const { ownerReferences: _, ...metadata } = object.metadata
  const labels = { 'cluster.x-k8s.io/cluster-name': 'prod', 'app.kubernetes.io/component': component }
  return { ...object, metadata: { ...metadata, uid: 'uid', resourceVersion: '7', labels } }
}

const data = bare(renderDataSecret(observed(), workerInput()), 'bootstrap')
const token = bare(joinToken, 'join-token')
const holding = (found: Partial<Observed['secrets']>, machine = machineOf()) =>
  observed({}, { machine, secrets: { ...secrets, ...found } })

async function pass(snapshot: Observed, script: Script = {}) {
  const world = scriptedWorld(snapshot, { tokens: [], ...script })
  const action = await world.pass()
  const owned = world.patched.filter(([, [, , operation]]) => operation?.path === '/metadata/ownerReferences')
  return { ...world, action, owned: owned.map(([name]) => name), says: said(world.told.at(-1), 'DataSecretAvailable') }
}

test('no machine boots from data that somebody put there, however well it fits', async () => {
  const { says, owned, told } = await pass(holding({ bootstrap: data }))
  expect([says, owned]).toEqual(['False NotOurs', []])
  expect(told.at(-1)?.initialization).toBeUndefined()
})

test('data that the Machine names gets its owner', async () => {
  const { says, owned } = await pass(holding({ bootstrap: data }, machineOf({ bootstrap: { dataSecretName: 'm1' } })))
  expect([says, owned]).toEqual(['True Available', ['m1']])
})

test.each<[string, Script, string, readonly string[]]>([
  ['it has it', { held: joinToken.data }, 'True Available', ['m1-join-token']],
  ['it does not', {}, 'False NotOurs', []],
  ['it has it for another config', { held: joinToken.data, label: 'm2' }, 'False NotOurs', []],
])('a token without data is ours when the workload cluster has it: %s', async (_, script, says, owned) => {
  const found = await pass(holding({ joinToken: token }), script)
  expect([found.says, found.owned]).toEqual([says, owned])
  const isMade = found.asked.includes('create bootstrap-token-abcdef')
  expect(isMade).toBe(owned.length > 0) // nothing makes a token of somebody else valid
})

test('while the workload cluster cannot be asked, nobody is told to delete the token', async () => {
  const closed = { kind: 'unreachable', message: 'no answer' } as const
  const { says, owned, action } = await pass(holding({ joinToken: token }), { closed })
  expect([says, owned, action]).toEqual(['False ControlPlaneUnreachable', [], awaitChange])
})
