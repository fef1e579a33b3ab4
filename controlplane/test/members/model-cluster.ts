// The model, driven as the real members are — core
import { hasQuorum, newWorld, type World } from '../../src/hosted/datastore/etcd/members/testing/model.ts'
import { untilQuiet } from '../../src/hosted/datastore/etcd/members/testing/nature.ts'
import { newOperator, type Operator, pass, record } from '../../src/hosted/datastore/etcd/members/testing/operator.ts'

export function modelCluster(): Operator {
  return newOperator(newWorld(true))
}

const now = { cluster: 0, answers: 0 }

export function passModel(operator: Operator): boolean {
  untilQuiet(operator.world)
  record(operator)
  const before = picture(operator.world, operator.world.members)
  pass(operator, now, 'whole')
  untilQuiet(operator.world)
  return before !== picture(operator.world, operator.world.members)
}

/** Until a pass changes nothing; then nothing but an event does. */
export function restModel(operator: Operator): string {
  for (let quiet = 0; quiet < 2; ) quiet = passModel(operator) ? 0 : quiet + 1
  const { world } = operator
  return picture(world, hasQuorum(world) ? world.members : undefined)
}

interface Listed {
  readonly ordinal?: number
  readonly isVoter: boolean
  readonly id: string
}

/** What must be the same in both worlds when nothing changes any more. */
export function picture({ replicas, pods, claims }: World, members: readonly Listed[] | undefined): string {
  const marks = [...claims].map(([ordinal, { mark, isGoing }]) => {
    const isOwn = members?.some(one => one.ordinal === ordinal && one.id === mark)
    return `${ordinal}${isGoing ? ' going' : ''}${isOwn ? '' : mark === undefined ? ' unmarked' : mark === 'fresh' || mark === 'made' ? ` ${mark}` : ' old'}`
  })
  const list = members?.map(({ ordinal, isVoter }) => `${ordinal}${isVoter ? '' : ' learner'}`).toSorted() ?? 'unknown'
  return JSON.stringify({
    replicas,
    members: list,
    pods: [...pods.keys()].toSorted((one, other) => one - other),
    claims: marks.toSorted(),
  })
}
