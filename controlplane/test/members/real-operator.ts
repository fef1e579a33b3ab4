// The operator, as it is to be, over real members — shell
import { type Plan, planMembers } from '../../src/hosted/datastore/etcd/members/plan.ts'
import type { Snapshot } from '../../src/hosted/datastore/etcd/members/snapshot.ts'
import type { Step } from '../../src/hosted/datastore/etcd/members/step.ts'
import { act, versionsOf } from '../../src/hosted/datastore/etcd/members/testing/act.ts'
import { podsIn } from '../../src/hosted/datastore/etcd/members/testing/operator.ts'
import { listedMembers, memberAnswers } from '../../src/hosted/datastore/etcd/members/view.ts'
import type { MemberMachine, Place } from './etcd-process.ts'
import type { RealCluster } from './real-cluster.ts'

/** What one pass came to. `refusal`: in the words of whoever refused. */
export interface RealPass {
  readonly seen: Snapshot
  readonly plan: Plan
  readonly refusal?: string
}

export async function observeReal(
  { places }: MemberMachine,
  { world }: RealCluster,
  desired: number,
): Promise<Snapshot> {
  const found = await Promise.all(
    places.map(async ({ gateway }, ordinal) => {
      const answer = world.pods.has(ordinal) ? await gateway.status() : undefined
      return answer?.kind === 'done' ? [[ordinal, answer.value] as const] : []
    }),
  )
  const statuses = new Map(found.flat())
  const voters = [...statuses].filter(([, { isLearner, leader }]) => !isLearner && leader !== undefined)
  const asked = voters.flatMap(([ordinal]) => places[ordinal] ?? [])
  const lists = await Promise.all(asked.map(({ gateway }) => gateway.list()))
  const list = lists.find(({ kind }) => kind === 'done')
  const ordinalOf = (url: string): number | undefined => {
    const ordinal = places.findIndex(({ peerURL }) => peerURL === url)
    return ordinal < 0 ? undefined : ordinal
  }
  return {
    desired,
    replicas: world.replicas,
    ...(list?.kind === 'done' && { members: listedMembers(list.value, ordinalOf) }),
    answers: memberAnswers(statuses),
    claims: new Map(world.claims),
    pods: podsIn(world),
    isObserved: true,
    files: world.files,
  }
}

export async function passReal(machine: MemberMachine, cluster: RealCluster, desired: number): Promise<RealPass> {
  const seen = await observeReal(machine, cluster, desired)
  cluster.write(seen)
  const plan = planMembers(seen)
  if (plan.kind !== 'step') return { seen, plan }
  const { step } = plan
  if (!isOfEtcd(step)) {
    const isDone = act(cluster.world, step, versionsOf(cluster.world))
    return { seen, plan, ...(!isDone && { refusal: 'it changed meanwhile' }) }
  }
  const again = planMembers(await observeReal(machine, cluster, desired))
  if (again.kind !== 'step' || JSON.stringify(again.step) !== JSON.stringify(step))
    return { seen, plan, refusal: 'not any more' }
  const refusal = await change(machine.places, seen, step)
  return { seen, plan, ...(refusal !== undefined && { refusal }) }
}

type EtcdStep = Extract<Step, { readonly kind: 'addLearner' | 'promote' | 'remove' | 'moveLeader' }>

function isOfEtcd(step: Step): step is EtcdStep {
  return ['addLearner', 'promote', 'remove', 'moveLeader'].includes(step.kind)
}

/** By the leader: only it hands over, and the others would pass a change on to it. */
async function change(places: readonly Place[], { answers }: Snapshot, step: EtcdStep): Promise<string | undefined> {
  const [leader] = [...answers].find(([, { isLeader }]) => isLeader) ?? []
  const gateway = leader === undefined ? undefined : places[leader]?.gateway
  if (!gateway) return 'nobody leads'
  const send = () => {
    if (step.kind === 'addLearner') return gateway.addLearner(places[step.ordinal]?.peerURL ?? '')
    if (step.kind === 'moveLeader') return gateway.moveLeader(step.to)
    return step.kind === 'promote' ? gateway.promote(step.id) : gateway.remove(step.id)
  }
  const answer = await send()
  return answer.kind === 'done' ? undefined : answer.message
}
