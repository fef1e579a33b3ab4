// What etcd and the API server make of a step — core
import { madeMark, quorumOf } from '../snapshot.ts'
import type { Step } from '../step.ts'
import {
  changeClaim,
  hasQuorum,
  isAlive,
  isPodReady,
  lead,
  type ModelClaim,
  type ModelMember,
  newClaim,
  nextName,
  votersOf,
  type World,
  write,
} from './model.ts'

/** What the step was decided on, as far as it is sent along. */
export interface Versions {
  readonly set: number
  readonly claims: ReadonlyMap<number, number>
}

export function versionsOf({ setVersion, claims }: World): Versions {
  return {
    set: setVersion,
    claims: new Map([...claims].map(([ordinal, { version }]) => [ordinal, version])),
  }
}

/** Whether it was done. */
export function act(world: World, step: Step, seen: Versions): boolean {
  switch (step.kind) {
    case 'createClaim':
      if (world.claims.has(step.ordinal)) return false
      newClaim(world, step.ordinal, madeMark)
      return true
    case 'markClaim':
    case 'deleteClaim':
      if (world.claims.get(step.ordinal)?.version !== seen.claims.get(step.ordinal)) return false
      changeClaim(world, step.ordinal, step.kind === 'deleteClaim' ? { isGoing: true } : marked(step))
      return true
    case 'deletePod':
      return deletePod(world, step)
    case 'replacePod':
      return allowsEviction(world, step.ordinal) && deletePod(world, step)
    case 'setReplicas':
      if (world.setVersion !== seen.set) return false
      world.replicas = step.replicas
      world.setVersion += 1
      return true
    case 'addLearner':
    case 'promote':
    case 'moveLeader':
    case 'remove':
      // a change of members is an entry of the log as any other: who counted before has it, and all before it
      return hasQuorum(world) && isAllowed(world, step) && write(world, world.count) && changeMembers(world, step)
  }
}

function deletePod({ pods }: World, { ordinal, uid }: { readonly ordinal: number; readonly uid: string }): boolean {
  return pods.get(ordinal)?.uid === uid && pods.delete(ordinal)
}

/** Its budget, and that one that is deleted has to be as it was seen. */
function allowsEviction(world: World, ordinal: number): boolean {
  if (!world.isStrict || !isPodReady(world, ordinal)) return true
  return Array.from({ length: world.replicas }, (_, one) => one).every(one => isPodReady(world, one))
}

function marked(step: Extract<Step, { readonly kind: 'markClaim' }>): Partial<ModelClaim> {
  const { to: mark, isRoot, olderPod } = step
  return { mark, ...(isRoot && { isRoot }), ...(olderPod !== undefined && { olderPod }) }
}

type MemberStep = Extract<Step, { readonly kind: 'addLearner' | 'promote' | 'moveLeader' | 'remove' }>

function memberOf(world: World, step: MemberStep): ModelMember | undefined {
  if (step.kind === 'addLearner') return undefined
  return world.members.find(({ id }) => id === (step.kind === 'moveLeader' ? step.to : step.id))
}

function isAllowed(world: World, step: MemberStep): boolean {
  const member = memberOf(world, step)
  if (step.kind === 'addLearner') return mayAdd(world, step.ordinal)
  if (!member) return false
  if (step.kind === 'promote') return !member.isVoter && isInSync(world, member)
  return step.kind === 'remove' ? mayRemove(world, member) : member.isVoter && isAlive(world, member)
}

function mayAdd(world: World, ordinal: number): boolean {
  const isTaken = world.members.some(one => one.ordinal === ordinal || !one.isVoter)
  return !isTaken && (!world.isStrict || votersOf(world).every(one => isAlive(world, one)))
}

/** By what the leader knows of its log alone: that it has died since, or lost its data, is not asked. */
function isInSync({ commit, matches }: World, { id }: ModelMember): boolean {
  return (matches.get(id) ?? 0) >= 0.9 * commit
}

function mayRemove(world: World, member: ModelMember): boolean {
  const voters = votersOf(world)
  if (member.isVoter && voters.length === 1) return false
  const active = voters.filter(one => isAlive(world, one)).length
  const isGuarded = world.isStrict && member.isVoter && isAlive(world, member)
  return !isGuarded || active - 1 >= quorumOf(voters.length - 1)
}

function changeMembers(world: World, step: MemberStep): boolean {
  const member = memberOf(world, step)
  if (step.kind === 'addLearner') {
    const { ordinal } = step
    world.members = [...world.members, { id: nextName(world, 'member'), ordinal, isVoter: false, isStarted: false }]
  } else if (member && step.kind === 'promote') {
    member.isVoter = true
  } else if (member && step.kind === 'moveLeader') {
    lead(world, member.id)
  } else if (member) {
    world.members = world.members.filter(one => one !== member)
    world.removed.add(member.id)
  }
  return true
}
