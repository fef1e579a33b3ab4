// Many clusters of one tenant, whose API servers all do the same: other tenants are served all the same — shell
import { afterAll, beforeAll, it } from 'vitest'
import { type Arena, startArena } from '../../../hostile/arena.ts'
import { beginManyClusters, clusterCount, manyBehaviours } from '../../../hostile/many-clusters.ts'
import { underAttack, undisturbed } from './unshaken.ts'

let arena: Arena
let calm: number

beforeAll(async () => {
  arena = await startArena()
  calm = await undisturbed(arena)
})

afterAll(() => arena[Symbol.asyncDispose]())

it.each(manyBehaviours.map((behaviour, nth) => [behaviour.name, `many-${nth}`, behaviour] as const))(
  '%s',
  async (what, name, behaviour) => {
    await using stack = new AsyncDisposableStack()
    const begin = async () => stack.use(await beginManyClusters(arena, name, behaviour))
    const namespace = `${name}-0`
    await underAttack(arena, { what: `${clusterCount} clusters, each ${what}`, calm, name, namespace, begin })
  },
)
