// What happens by itself in the model: controllers, kubelets and etcd's own processes, in any order — core
import { type MemberFile, quorumOf } from '../snapshot.ts'
import {
  type Data,
  dataOf,
  hasQuorum,
  isAlive,
  keepLog,
  lead,
  type ModelMember,
  newClaim,
  nextName,
  running,
  votersOf,
  type World,
} from './model.ts'

type Happening = () => void

/** All that may happen next. Each changes something, so that nothing is left when all is quiet. */
export function happenings(world: World): readonly Happening[] {
  return [...ofStatefulSet(world), ...ofKubelets(world), ...ofMembers(world)]
}

/** Until nothing happens by itself any more. */
export function untilQuiet(world: World): void {
  for (let [next] = happenings(world); next; [next] = happenings(world)) next()
}

/** What the StatefulSet controller does next. */
export function ofStatefulSet(world: World): readonly Happening[] {
  const missing = Array.from({ length: world.replicas }, (_, ordinal) => ordinal).filter(one => !world.pods.has(one))
  const created = missing.flatMap(ordinal =>
    world.claims.get(ordinal)?.isGoing ? [] : [() => createPod(world, ordinal)],
  )
  const surplus = [...world.pods.keys()].filter(ordinal => ordinal >= world.replicas)
  const unused = [...world.claims].flatMap(([ordinal, { isGoing }]) =>
    isGoing && !world.pods.has(ordinal) ? [() => void world.claims.delete(ordinal)] : [],
  )
  return [...created, ...surplus.map(ordinal => () => void world.pods.delete(ordinal)), ...unused]
}

function createPod(world: World, ordinal: number): void {
  if (!world.claims.has(ordinal)) newClaim(world, ordinal)
  const volume = world.claims.get(ordinal)?.volume ?? new Map()
  const { template } = world
  world.pods.set(ordinal, { uid: nextName(world, 'pod'), volume, file: fileOf(world, ordinal), template })
}

/** A new pod reads the file as it is; one that runs sees a change late. */
function ofKubelets(world: World): readonly Happening[] {
  return [...world.pods].flatMap(([ordinal, pod]) => {
    const file = fileOf(world, ordinal)
    const isKnown = JSON.stringify(pod.file) === JSON.stringify(file)
    const refresh = () => {
      pod.file = file
    }
    const start = startOf(world, ordinal)
    return [...(isKnown ? [] : [refresh]), ...(start ? [start] : [])]
  })
}

function fileOf({ files }: World, ordinal: number): MemberFile {
  return files.get(ordinal) ?? { initial: [ordinal] }
}

/** What a process that starts does, if it gets anywhere: data win over the file, and a removed member ends. */
function startOf(world: World, ordinal: number): Happening | undefined {
  const pod = world.pods.get(ordinal)
  if (!pod || pod.runs !== undefined || pod.template.isBroken || world.crashed.has(ordinal)) return undefined
  const { directory = '', initial } = pod.file
  const data = pod.volume.get(directory)
  const up = () => {
    pod.runs = directory
  }
  if (data) return world.removed.has(data.memberId) ? undefined : up
  const listed = world.members.find(one => one.ordinal === ordinal)
  const isReached = world.members.some(one => one.ordinal !== ordinal && isAlive(world, one))
  const isSame = initial.length === world.members.length && world.members.every(one => initial.includes(one.ordinal))
  if (initial.length === 1 || !isSame || !listed || !isReached || world.cut.has(ordinal)) return undefined
  return () => {
    pod.volume.set(directory, { memberId: listed.id, log: 0 })
    up()
  }
}

function ofMembers(world: World): readonly Happening[] {
  const ended = [...world.pods].filter(([ordinal]) => world.removed.has(running(world, ordinal)?.memberId ?? ''))
  const ends = ended.map(
    ([, pod]) =>
      () =>
        void delete pod.runs,
  )
  if (!hasQuorum(world)) return ends
  const alive = world.members.filter(one => isAlive(world, one))
  const behind = alive.flatMap(one => dataOf(world, one) ?? []).filter(data => isBehind(world, data))
  const nameless = alive.filter(({ isStarted }) => !isStarted)
  return [
    ...ends,
    ...behind.map(data => () => keepLog(world, data)),
    ...nameless.map(member => () => {
      member.isStarted = true
    }),
    ...(alive.some(({ id }) => id === world.leader) ? [] : candidates(world)).map(
      ({ id }) =>
        () =>
          lead(world, id),
    ),
  ]
}

/**
 * A leader that is new asks also those that have all. One that has lost what the leader knows of is sent nothing: its process
 * ends at the next heartbeat.
 */
function isBehind({ commit, matches }: World, { memberId, log }: Data): boolean {
  const known = matches.get(memberId) ?? 0
  return log >= known && known < commit
}

/** Leaders change for no reason, too. */
export function elect(world: World, choice: number): void {
  const possible = hasQuorum(world) ? candidates(world) : []
  const next = possible[choice % possible.length]
  if (next) lead(world, next.id)
}

/** Whoever a quorum would vote for: its log is as long as theirs. */
function candidates(world: World): readonly ModelMember[] {
  const voters = votersOf(world)
  const alive = voters.filter(one => isAlive(world, one))
  const logOf = (one: ModelMember): number => dataOf(world, one)?.log ?? 0
  const votes = (candidate: ModelMember): number => alive.filter(one => logOf(one) <= logOf(candidate)).length
  return alive.filter(one => votes(one) >= quorumOf(voters.length))
}
