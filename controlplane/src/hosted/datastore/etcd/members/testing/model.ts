// A model of etcd, of the StatefulSet controller, of kubelets and of volumes: what membership is planned against — core
//
// Whatever is not certain in the world is possible here, as far as etcd's source and its processes show it: a voter that
// finds its volume empty comes back under its old id if its file lets it join, and a learner that has just died can still
// be promoted. Nothing here knows the plan.
import { type MemberFile, quorumOf } from '../snapshot.ts'

/** What etcd wrote: on a volume, and gone with it. */
export interface Data {
  readonly memberId: string
  /** How many writes it has, of all that were acknowledged, in their order. */
  log: number
}

/** By directory; the root is the empty name. */
export type Volume = Map<string, Data>

export interface ModelClaim {
  readonly uid: string
  readonly volume: Volume
  readonly version: number
  readonly mark?: string
  readonly isRoot?: boolean
  readonly olderPod?: string
  readonly isGoing: boolean
}

export interface ModelPod {
  readonly uid: string
  readonly volume: Volume
  /** Its configuration file, as its node has it. */
  file: MemberFile
  /** The directory that its process runs on; absent while it does not run. */
  runs?: string
  /** As the StatefulSet had it when the pod was made. */
  readonly template: Template
}

export interface Template {
  readonly number: number
  /** No process starts with it. */
  readonly isBroken: boolean
}

export interface ModelMember {
  readonly id: string
  readonly ordinal: number
  isVoter: boolean
  isStarted: boolean
}

export interface World {
  count: number
  /** etcd's own checks of a change of members. Without them ours have to do. */
  readonly isStrict: boolean
  members: readonly ModelMember[]
  readonly removed: Set<string>
  leader?: string
  /** Writes that were acknowledged. */
  commit: number
  replicas: number
  template: Template
  setVersion: number
  files: ReadonlyMap<number, MemberFile>
  /** What the leader knows of the logs of others: it does not expect them to get shorter. */
  readonly matches: Map<string, number>
  readonly claims: Map<number, ModelClaim>
  readonly pods: Map<number, ModelPod>
  /** Ordinals whose process is kept from running, and those that nobody reaches. */
  readonly crashed: Set<number>
  readonly cut: Set<number>
}

/** One member, formed before there were marks. */
export function newWorld(isStrict: boolean): World {
  const volume: Volume = new Map([['', { memberId: 'first', log: 0 }]])
  const template: Template = { number: 0, isBroken: false }
  return {
    count: 0,
    isStrict,
    members: [{ id: 'first', ordinal: 0, isVoter: true, isStarted: true }],
    removed: new Set(),
    leader: 'first',
    commit: 0,
    replicas: 1,
    template,
    setVersion: 0,
    files: new Map(),
    matches: new Map(),
    claims: new Map([[0, { uid: 'claim-0', volume, version: 0, isGoing: false }]]),
    pods: new Map([[0, { uid: 'pod-0', volume, file: { initial: [0] }, runs: '', template }]]),
    crashed: new Set(),
    cut: new Set(),
  }
}

export function nextName(world: World, kind: string): string {
  world.count += 1
  return `${kind}-${world.count}`
}

/** What the process of an ordinal runs on. */
export function running(world: World, ordinal: number): Data | undefined {
  const pod = world.pods.get(ordinal)
  return pod?.runs === undefined ? undefined : pod.volume.get(pod.runs)
}

/** Runs, and reaches the others. */
export function isAlive(world: World, { id, ordinal }: ModelMember): boolean {
  return running(world, ordinal)?.memberId === id && !world.cut.has(ordinal)
}

/** As its kubelet finds, which asks for something that needs a quorum. */
export function isPodReady(world: World, ordinal: number): boolean {
  return hasQuorum(world) && world.members.some(one => one.ordinal === ordinal && isAlive(world, one))
}

export function votersOf({ members }: World): readonly ModelMember[] {
  return members.filter(({ isVoter }) => isVoter)
}

export function hasQuorum(world: World): boolean {
  const voters = votersOf(world)
  return voters.filter(one => isAlive(world, one)).length >= quorumOf(voters.length)
}

/** What a member wrote, if it is not lost. */
export function dataOf(world: World, { id, ordinal }: ModelMember): Data | undefined {
  const volumes = [world.pods.get(ordinal)?.volume, world.claims.get(ordinal)?.volume]
  return volumes.flatMap(volume => [...(volume?.values() ?? [])]).find(data => data.memberId === id)
}

/**
 * Why an acknowledged write may be lost: those who could elect a leader without it are a quorum, or nobody has it any more.
 * Lost volumes do not vote; a voter that came back without its data does.
 */
export function lossOf(world: World, without?: string): string | undefined {
  const voters = votersOf(world)
  const kept = voters.flatMap(voter => (voter.id === without ? [] : (dataOf(world, voter) ?? [])))
  const lacking = kept.filter(({ log }) => log < world.commit).length
  if (lacking >= quorumOf(voters.length)) return `${lacking} of ${voters.length} voters lack write ${world.commit}`
  return lacking === kept.length && world.commit > 0 ? `nobody has write ${world.commit}` : undefined
}

/** A client writes; exactly a quorum has it when it is acknowledged, whichever that is. */
export function write(world: World, choice: number): boolean {
  if (!hasQuorum(world)) return false
  const voters = votersOf(world)
  const alive = voters.filter(one => isAlive(world, one))
  world.commit += 1
  for (let index = 0; index < quorumOf(voters.length); index += 1) {
    const voter = alive[(choice + index) % alive.length]
    const data = voter && dataOf(world, voter)
    if (data) keepLog(world, data)
  }
  return true
}

/** The leader learns of it. */
export function keepLog({ commit, matches }: World, data: Data): void {
  data.log = commit
  matches.set(data.memberId, commit)
}

export function newClaim(world: World, ordinal: number, mark?: string): void {
  const uid = nextName(world, 'claim')
  world.claims.set(ordinal, {
    uid,
    volume: new Map(),
    version: world.count,
    isGoing: false,
    ...(mark !== undefined && { mark }),
  })
}

export function changeClaim(world: World, ordinal: number, change: Partial<ModelClaim>): void {
  const claim = world.claims.get(ordinal)
  world.count += 1
  if (claim) world.claims.set(ordinal, { ...claim, ...change, version: world.count })
}

/** A new leader knows nothing of the others' logs yet. */
export function lead(world: World, id: string): void {
  if (world.leader !== id) world.matches.clear()
  world.leader = id
}
