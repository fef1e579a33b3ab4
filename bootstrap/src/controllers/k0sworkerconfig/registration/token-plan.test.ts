// How long a bootstrap token is kept good — core
import { expect, test } from 'vitest'
import { joinToken, machinePool, observed, secret, secrets, without } from '../../../testing/observed.ts'
import type { Observed } from '../observed.ts'
import { tokenPlan } from './token-plan.ts'

const token = { id: 'abcdef', secret: '0123456789abcdef' }
const expiring = (expiration: string) => secret('bootstrap-token-abcdef', { expiration })
const madeAt = (creationTimestamp: string): Observed =>
  observed(
    {},
    { secrets: { ...secrets, joinToken: { ...joinToken, metadata: { ...joinToken.metadata, creationTimestamp } } } },
  )
const young = madeAt('2026-04-30T00:00:00Z')
const old = madeAt('2026-04-24T00:00:00Z')
const good = expiring('2026-05-01T23:59:00Z')

test.each<[string, Observed, ReturnType<typeof secret> | undefined, boolean, object]>([
  ['none', young, undefined, false, { kind: 'create' }],
  ['fresh', young, good, false, { kind: 'keep', due: new Date('2026-05-01T11:59:00Z') }],
  ['over the half of its life', young, expiring('2026-05-01T12:00:00Z'), false, { kind: 'extend' }],
  ['over', young, expiring('2026-04-01T00:00:00Z'), false, { kind: 'extend' }],
  ['no time', young, expiring('soon'), false, { kind: 'extend' }],
  ['the machine has a node: it is left to its end', young, expiring('2026-04-01T00:00:00Z'), true, { kind: 'keep' }],
  ['the machine has a node, and no token', young, undefined, true, { kind: 'end' }],
  [
    'a week without a node: not extended, and looked at when it ends',
    old,
    good,
    false,
    { kind: 'keep', due: new Date('2026-05-01T23:59:00Z') },
  ],
  [
    'a week without a node, over',
    old,
    expiring('2026-05-01T00:00:00Z'),
    false,
    { kind: 'end', wait: { reason: 'JoinTokenExpired' } },
  ],
  ['a week without a node, gone', old, undefined, false, { kind: 'end', wait: { reason: 'JoinTokenExpired' } }],
  ['that of a pool lasts', { ...without(old, 'machine'), machinePool }, undefined, false, { kind: 'create' }],
])('%s', (_, snapshot, live, hasNode, plan) => {
  expect(tokenPlan(snapshot, { token, found: live ? [live] : [], hasNode })).toMatchObject(plan)
})
