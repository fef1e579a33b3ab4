// Plays events on the model, and says what went wrong — core
import { quorumOf } from '../snapshot.ts'
import type { MemberEvent } from './events.ts'
import { changeClaim, dataOf, hasQuorum, isAlive, lossOf, newWorld, votersOf, type World, write } from './model.ts'
import { elect, happenings, untilQuiet } from './nature.ts'
import { newOperator, type Operator, pass, record, release } from './operator.ts'

/** What was seen on the way: a run in which nothing of that happened proves nothing. */
export interface Played {
  readonly fault?: string
  readonly steps: readonly string[]
  readonly operator: Operator
}

export interface Setting {
  /** Every pass sees what is, and what it does arrives at once; etcd does not check changes itself. */
  readonly isTimely: boolean
}

export function play(events: readonly MemberEvent[], { isTimely }: Setting): Played {
  const world = newWorld(!isTimely)
  const operator = newOperator(world)
  const steps: string[] = []
  for (const [index, event] of events.entries()) {
    const before = { hasQuorum: hasQuorum(world), replicas: world.replicas }
    playOne(operator, event, steps)
    record(operator)
    const given = isTimely && event.kind === 'pass' ? givenAway(world, before) : undefined
    const fault = lossOf(world) ?? given
    if (fault) return { fault: `event ${index}: ${fault}`, steps, operator }
  }
  const fault = settle(operator, steps)
  return { ...(fault !== undefined && { fault }), steps, operator }
}

/** What a pass that saw all as it was must not have done. */
function givenAway(
  world: World,
  before: { readonly hasQuorum: boolean; readonly replicas: number },
): string | undefined {
  // of one, its pod is the quorum
  if (before.hasQuorum && !hasQuorum(world) && votersOf(world).length > 1) return 'no quorum'
  const isTaken = world.replicas < before.replicas && world.members.some(({ ordinal }) => ordinal >= world.replicas)
  return isTaken ? 'a member has no pod' : undefined
}

function playOne(operator: Operator, event: MemberEvent, steps: string[]): void {
  const { world } = operator
  switch (event.kind) {
    case 'scale':
      operator.desired = event.to
      return
    case 'pass': {
      const plan = pass(operator, event.ages, event.ending)
      if (plan.kind === 'step') steps.push(plan.step.kind)
      return
    }
    case 'nature': {
      const possible = happenings(world)
      possible[event.choice % possible.length]?.()
      return
    }
    case 'write':
      write(world, event.choice)
      return
    case 'elect':
      elect(world, event.choice)
      return
    case 'rescaleSet':
      world.replicas = event.replicas
      world.setVersion += 1
      return
    case 'template':
      changeTemplate(world, event.isBroken)
      return
    case 'release':
      release(operator)
      return
    case 'loseVolume':
      if (mayLose(operator, event.ordinal)) strike(world, event.kind, event.ordinal)
      return
    case 'crash':
    case 'restart':
    case 'cut':
    case 'join':
    case 'deletePod':
      strike(world, event.kind, event.ordinal)
  }
}

function changeTemplate(world: World, isBroken: boolean): void {
  world.template = { number: world.template.number + 1, isBroken }
  world.setVersion += 1
}

type Strike = 'crash' | 'restart' | 'cut' | 'join' | 'loseVolume' | 'deletePod'

export function strike(world: World, kind: Strike, ordinal: number): void {
  const pod = world.pods.get(ordinal)
  if (kind === 'crash') {
    world.crashed.add(ordinal)
    if (pod) delete pod.runs
  }
  if (kind === 'restart') world.crashed.delete(ordinal)
  if (kind === 'cut') world.cut.add(ordinal)
  if (kind === 'join') world.cut.delete(ordinal)
  if (kind === 'deletePod') world.pods.delete(ordinal)
  if (kind === 'loseVolume') {
    changeClaim(world, ordinal, { isGoing: true })
    world.pods.delete(ordinal)
  }
}

/** As many volumes as leave a quorum that has all that was acknowledged: more is for a restore. */
export function mayLose({ stuck, world }: Operator, ordinal: number): boolean {
  const voters = votersOf(world)
  // a promotion that is under way counts as done
  const isPromoted = (id: string): boolean => stuck?.step.kind === 'promote' && stuck.step.id === id
  if (world.members.some(one => one.ordinal === ordinal && isPromoted(one.id))) return false
  const lost = voters.find(one => one.ordinal === ordinal)
  if (!lost || !dataOf(world, lost)) return true
  const kept = voters.filter(one => one !== lost && dataOf(world, one) && !world.claims.get(one.ordinal)?.isGoing)
  return kept.length >= quorumOf(voters.length) && lossOf(world, lost.id) === undefined
}

/** When nothing strikes any more, all that was asked for comes about. */
function settle(operator: Operator, steps: string[]): string | undefined {
  const { world } = operator
  world.crashed.clear()
  world.cut.clear()
  if (world.template.isBroken) changeTemplate(world, false)
  release(operator)
  for (let round = 0; round < 200; round += 1) {
    untilQuiet(world)
    record(operator)
    const fault = lossOf(world)
    if (fault) return `settling: ${fault}`
    const plan = pass(operator, { cluster: 0, answers: 0 }, 'whole')
    if (plan.kind === 'step') steps.push(plan.step.kind)
    if (plan.kind === 'settled') return unlike(operator)
    if (plan.kind === 'wait' && round > 100) return `waits for ever: ${plan.message}`
  }
  return `never settles: ${steps.slice(-6).join(' ')}`
}

const byNumber = (one: number, other: number): number => one - other

function unlike({ world, desired }: Operator): string | undefined {
  const wanted = Array.from({ length: desired }, (_, ordinal) => ordinal).join()
  const voters = votersOf(world).filter(one => isAlive(world, one))
  const found = {
    members: world.members.map(({ ordinal }) => ordinal),
    voters: voters.map(({ ordinal }) => ordinal),
    pods: [...world.pods].flatMap(([ordinal, { template }]) => (template === world.template ? ordinal : [])),
    claims: [...world.claims.keys()],
    marked: world.members.filter(one => world.claims.get(one.ordinal)?.mark === one.id).map(({ ordinal }) => ordinal),
  }
  const wrong = Object.entries(found).filter(([, ordinals]) => ordinals.toSorted(byNumber).join() !== wanted)
  return wrong.length === 0 ? undefined : `settled at ${JSON.stringify(Object.fromEntries(wrong))}, not at ${wanted}`
}
