// What a real etcd answers through its JSON gateway: what membership is planned from, and what the model takes for granted — shell
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MemberMachine, memberMachine } from '../members/etcd-process.ts'

let machine: MemberMachine
beforeAll(async () => {
  machine = await memberMachine(3)
})
afterAll(() => machine[Symbol.asyncDispose]())

it('speaks as the model of membership has it', async () => {
  const [first, second, third] = machine.places
  if (!first || !second || !third) throw new Error('three places')
  expect(await first.gateway.status()).toMatchObject({ kind: 'unreachable' })

  machine.start({ ordinal: 0, volume: await machine.newVolume(), directory: '', state: 'new', initial: [0] })
  await expect.poll(() => first.gateway.status()).toMatchObject({ kind: 'done', value: { leader: expect.any(String) } })
  expect(await first.gateway.list()).toMatchObject({
    value: [{ peerURLs: [first.peerURL], isLearner: false, isStarted: true }],
  })

  // nobody starts on an empty volume with a file that names only himself
  const volume = await machine.newVolume()
  const alone = machine.start({ ordinal: 1, volume, directory: 'x', state: 'existing', initial: [1] })
  await alone.gone

  const added = await first.gateway.addLearner(second.peerURL)
  const list = added.kind === 'done' ? added.value : []
  const learner = list.find(({ peerURLs }) => peerURLs.includes(second.peerURL))
  expect(learner).toMatchObject({ isLearner: true, isStarted: false })
  const id = learner?.id ?? ''
  expect(await first.gateway.addLearner(third.peerURL)).toEqual({
    kind: 'refused',
    message: 'etcdserver: too many learner members in cluster',
  })
  expect(await first.gateway.promote(id)).toEqual({
    kind: 'refused',
    message: 'etcdserver: can only promote a learner member which is in sync with leader',
  })

  // the same volume, on which etcd once refused to start
  const running = machine.start({ ordinal: 1, volume, directory: 'x', state: 'existing', initial: [0, 1] })
  await expect
    .poll(() => second.gateway.status())
    .toMatchObject({ value: { id, isLearner: true, leader: expect.any(String) } })
  expect(await second.gateway.list()).toEqual({ kind: 'refused', message: 'etcdserver: rpc not supported for learner' })
  await expect.poll(() => first.gateway.promote(id)).toMatchObject({ kind: 'done' })
  expect(await second.gateway.moveLeader(id)).toEqual({ kind: 'refused', message: 'etcdserver: not leader' })
  expect(await first.gateway.moveLeader(id)).toEqual({ kind: 'done', value: undefined })
  expect(await first.gateway.status()).toMatchObject({ value: { leader: id } })

  // the refusal stands in everybody's log: who reads it must come to the same end, or the next learner ends it
  await expect.poll(() => second.gateway.addLearner(third.peerURL)).toMatchObject({ kind: 'done' })
  const next = await machine.newVolume()
  machine.start({ ordinal: 2, volume: next, directory: 'x', state: 'existing', initial: [0, 1, 2] })
  await expect.poll(() => third.gateway.status()).toMatchObject({ value: { isLearner: true } })
  for (const { gateway } of [first, second])
    expect((await gateway.list()) as object).toMatchObject({ kind: 'done', value: { length: 3 } })

  // without a quorum there is no list, and we do not wait as long as etcd does
  await running.kill()
  expect(await first.gateway.list()).toMatchObject({ kind: 'unreachable' })
})
