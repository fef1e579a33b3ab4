// The operator of the model: passes over what it sees, which may be old, and whose end it may not live to see — core

import type { MemberAnswer } from '../../../members.ts'
import { type Plan, planMembers } from '../plan.ts'
import { memberFiles, type Snapshot } from '../snapshot.ts'
import type { Step } from '../step.ts'
import { act, type Versions, versionsOf } from './act.ts'
import { dataOf, hasQuorum, isAlive, isPodReady, type ModelPod, type World } from './model.ts'

/** What the cache holds, and what members answered: each as it was at some time, and never older than it was seen before. */
interface View {
  readonly cluster: Pick<Snapshot, 'replicas' | 'claims' | 'pods' | 'files'> & { readonly versions: Versions }
  readonly answers: Snapshot['answers']
}

export interface Operator {
  readonly world: World
  desired: number
  readonly history: View[]
  seenCluster: number
  seenAnswers: number
  /** A step of a process that was stopped in the middle, and that arrives later. */
  stuck?: { readonly step: Step; readonly seen: Versions }
}

export function newOperator(world: World): Operator {
  return { world, desired: 1, history: [viewOf(world)], seenCluster: 0, seenAnswers: 0 }
}

/** To be called after every change of the world. */
export function record({ history, world }: Operator): void {
  history.push(viewOf(world))
}

function viewOf(world: World): View {
  const answers = world.members.flatMap(member => {
    const isLeader = world.leader === member.id && hasQuorum(world)
    const isInSync = (dataOf(world, member)?.log ?? 0) >= 0.9 * world.commit
    const answer: MemberAnswer = { id: member.id, isLeader, isInSync }
    return isAlive(world, member) ? [[member.ordinal, answer] as const] : []
  })
  return {
    cluster: {
      replicas: world.replicas,
      claims: new Map(world.claims),
      pods: podsIn(world),
      files: world.files,
      versions: versionsOf(world),
    },
    answers: new Map(answers),
  }
}

export function podsIn(world: World): Snapshot['pods'] {
  const seen = ([ordinal, { uid, runs, template }]: readonly [number, ModelPod]) => {
    const isOutdated = template.number !== world.template.number
    return [ordinal, { uid, isReady: isPodReady(world, ordinal), isRunning: runs !== undefined, isOutdated }] as const
  }
  return new Map([...world.pods].map(seen))
}

export interface Ages {
  readonly cluster: number
  readonly answers: number
}

/** The list of members is asked for last, so it is never older than the rest. */
export function observe(operator: Operator, ages: Ages): Snapshot & { readonly versions: Versions } {
  const { history, world } = operator
  const last = history.length - 1
  operator.seenCluster = Math.max(operator.seenCluster, last - ages.cluster)
  operator.seenAnswers = Math.max(operator.seenAnswers, last - ages.answers)
  const view = viewOf(world)
  const { cluster } = history[operator.seenCluster] ?? view
  const { answers } = history[operator.seenAnswers] ?? view
  const members = hasQuorum(world) ? { members: world.members.map(one => ({ ...one })) } : {}
  const { desired } = operator
  return { desired, isObserved: true, ...cluster, answers, ...members }
}

export type Ending = 'whole' | 'died before the step' | 'stuck in the step'

/** One pass. Whether the answer of a step got lost makes no difference: nothing is remembered of it. */
export function pass(operator: Operator, ages: Ages, ending: Ending): Plan {
  const { world } = operator
  const seen = observe(operator, ages)
  if (seen.members) world.files = memberFiles(seen)
  const plan = planMembers(seen)
  if (plan.kind !== 'step' || ending === 'died before the step') return plan
  if (!isConfirmed(operator, seen, plan.step)) return plan
  if (ending === 'stuck in the step') operator.stuck ??= { step: plan.step, seen: seen.versions }
  else act(world, plan.step, seen.versions)
  return plan
}

/** etcd's members are asked once more before they are changed: what they said before may be old. */
function isConfirmed({ world }: Operator, seen: Snapshot, step: Step): boolean {
  if (!isOfEtcd(step)) return true
  const again = planMembers({ ...seen, answers: viewOf(world).answers })
  return again.kind === 'step' && JSON.stringify(again.step) === JSON.stringify(step)
}

const ofEtcd: readonly Step['kind'][] = ['addLearner', 'promote', 'moveLeader', 'remove']

const isOfEtcd = ({ kind }: Step): boolean => ofEtcd.includes(kind)

export function release(operator: Operator): void {
  const { stuck, world } = operator
  delete operator.stuck
  if (stuck) act(world, stuck.step, stuck.seen)
}
