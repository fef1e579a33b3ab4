// Many clusters whose API servers hold up whoever works with them: other tenants are served all the same — shell
import { it } from 'vitest'
import { startArena } from '../../../hostile/arena.ts'
import { beginManyClusters, clusterCount } from '../../../hostile/many-clusters.ts'
import { underAttack, undisturbed } from './unshaken.ts'

it('one byte a second from each', async () => {
  await using arena = await startArena()
  const calm = await undisturbed(arena)
  await using stack = new AsyncDisposableStack()
  const begin = async () => stack.use(await beginManyClusters(arena, 'many'))
  await underAttack(arena, { what: `${clusterCount} clusters`, calm, name: 'many', namespace: 'many-0', begin })
})
