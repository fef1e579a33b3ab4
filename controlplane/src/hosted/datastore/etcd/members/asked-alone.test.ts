// When a member that is alone is asked, and who is woken by what it says — shell
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import { observed } from '../../../../testing/observed.ts'
import { AskedAlone } from './asked-alone.ts'
import type { MemberGateway } from './gateway.ts'
import { Questions } from './questions.ts'

const Mi = 1024 ** 2
const minute = 60_000
const silentLog = { error: () => {}, info: () => {}, debug: () => {}, child: () => silentLog }

function setUp() {
  const world = { size: 4 * Mi, isSilent: false, isCut: false, asked: 0, closed: 0, woken: 0 }
  const status = (): Promise<unknown> => {
    world.asked += 1
    const value = {
      id: '1',
      isLearner: false,
      committed: 1,
      applied: 1,
      database: { size: world.size, inUse: 0, alarms: [] },
    }
    return Promise.resolve(world.isSilent ? { kind: 'unreachable', message: 'no answer' } : { kind: 'done', value })
  }
  const clock = manualClock()
  const questions = new Questions()
  const alone = new AskedAlone({
    clock,
    questions,
    random: () => 0.5,
    log: silentLog,
    wake: () => {
      world.woken += 1
    },
    connections: {
      gateways: async () => {
        if (world.isCut) throw new Error('the authority cannot sign')
        return new Map([[0, { status } as unknown as MemberGateway]])
      },
      close: () => {
        world.closed += 1
      },
    },
  })
  const pass = () => alone.answerTo(observed({ version: 'v1.36.3+k0s.1' }))?.databases?.get(0)?.size
  const answered = async (times: number): Promise<void> => {
    await expect.poll(() => world.closed).toBe(times)
  }
  return { alone, answered, clock, pass, questions, world }
}

test('passes ask nothing; each question is one request, minutes after the one before, and its connection ends', async () => {
  const { answered, clock, pass, world } = setUp()
  expect([pass(), pass()]).toEqual([undefined, undefined])
  await clock.advance(2.5 * minute - 1)
  expect(world.asked).toBe(0)
  await clock.advance(1)
  await answered(1)
  expect([pass(), world.asked, world.woken]).toEqual([4 * Mi, 1, 1])
  await clock.advance(5 * minute)
  await answered(2)
  // the same answer wakes nobody
  expect([pass(), world.asked, world.woken]).toEqual([4 * Mi, 2, 1])
})

test('growth within a step wakes nobody, a further one does', async () => {
  const { answered, clock, pass, world } = setUp()
  world.size = 5 * Mi
  pass()
  await clock.advance(2.5 * minute)
  await answered(1)
  world.size = 8 * Mi
  await clock.advance(5 * minute)
  await answered(2)
  expect([pass(), world.woken]).toEqual([8 * Mi, 1])
  world.size = 8 * Mi + 1
  await clock.advance(5 * minute)
  await answered(3)
  expect([pass(), world.woken]).toEqual([12 * Mi, 2])
})

test('one that says nothing once has said what it said before; twice, and nobody knows any more', async () => {
  const { answered, clock, pass, world } = setUp()
  pass()
  await clock.advance(2.5 * minute)
  await answered(1)
  world.isSilent = true
  await clock.advance(5 * minute)
  await answered(2)
  expect([pass(), world.woken]).toEqual([4 * Mi, 1])
  await clock.advance(5 * minute)
  await answered(3)
  expect([pass(), world.woken]).toEqual([undefined, 2])
})

test('who is forgotten is asked no more', async () => {
  const { alone, clock, pass, world } = setUp()
  pass()
  alone.close()
  await clock.advance(10 * minute)
  expect(world.asked).toBe(0)
})

test('who finds twenty questions under way waits in line, and is asked when one has ended', async () => {
  const { alone, answered, clock, pass, questions, world } = setUp()
  for (let count = 0; count < 20; count += 1) await questions.begin()
  pass()
  await clock.advance(60 * minute)
  expect(world.asked).toBe(0)
  questions.end()
  await answered(1)
  expect(pass()).toBe(4 * Mi)
  // the place that it had is free again
  await questions.begin()
  await clock.advance(5 * minute)
  alone.close()
  questions.end()
  // and so is that of one who was forgotten in the line
  await questions.begin()
  expect(world.asked).toBe(1)
})

test('that nobody answers is news for once, after two questions, also where nobody ever did', async () => {
  const { alone, answered, clock, pass, world } = setUp()
  const known = () => alone.answerTo(observed({ version: 'v1.36.3+k0s.1' }))?.databases
  world.isSilent = true
  pass()
  await clock.advance(2.5 * minute)
  await answered(1)
  expect([known(), world.woken]).toEqual([undefined, 0])
  await clock.advance(5 * minute)
  await answered(2)
  expect([known(), world.woken]).toEqual([new Map(), 1])
  await clock.advance(5 * minute)
  await answered(3)
  expect(world.woken).toBe(1)
})

test('whom no connection can be made to is asked in vain, and asked again', async () => {
  const { alone, answered, clock, pass, world } = setUp()
  world.isCut = true
  pass()
  await clock.advance(2.5 * minute)
  await answered(1)
  await clock.advance(5 * minute)
  await answered(2)
  expect(alone.answerTo(observed({ version: 'v1.36.3+k0s.1' }))?.databases).toEqual(new Map())
  world.isCut = false
  await clock.advance(5 * minute)
  await answered(3)
  expect(pass()).toBe(4 * Mi)
})

test('an etcd that tells no quota has the one of its file', async () => {
  const { alone, answered, clock, pass } = setUp()
  pass()
  await clock.advance(2.5 * minute)
  await answered(1)
  expect(alone.answerTo(observed({ version: 'v1.36.3+k0s.1' }))?.databases?.get(0)?.quota).toBe(2048 * Mi)
})
