// Many clusters of one tenant, whose API servers all do the same: other tenants are served all the same — shell
import { afterAll, beforeAll, it } from 'vitest'
import { type Arena, startArena } from '../../../hostile/arena.ts'
import { beginManyClusters, crowds } from '../../../hostile/many-clusters.ts'
import { underAttack, undisturbed } from './unshaken.ts'

let arena: Arena
let calm: number

beforeAll(async () => {
  arena = await startArena()
  calm = await undisturbed(arena)
})

afterAll(() => arena[Symbol.asyncDispose]())

it.each(crowds.map((crowd, nth) => [crowd.what, `many-${nth}`, crowd] as const))('%s', async (what, name, crowd) => {
  await using stack = new AsyncDisposableStack()
  const begin = async () => stack.use(await beginManyClusters(arena, name, crowd))
  const namespace = `${name}-0`
  await underAttack(arena, { what, calm, name, namespace, begin })
})
