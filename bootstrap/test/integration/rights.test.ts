// Fewer rights: one namespace by a RoleBinding alone — shell
import { type AuditEntry, limitToNamespace, mayListSecrets } from '@k0smotron-ts/hack/testenv'
import { expect, it } from 'vitest'
import { filesOf, makeMachine, makeReadyCluster, startBootstrap, startWorld, untilSaid } from './world.ts'

const account = 'k0smotron-bootstrap'
const mine = 'team-a'

it('is all that a worker in that namespace needs', async () => {
  await using everywhere = await startWorld()
  const { client, env } = everywhere.management
  await limitToNamespace(client, account, mine)
  await expect.poll(() => mayListSecrets(client, account, mine)).toBe(true)
  await expect.poll(() => mayListSecrets(client, account)).toBe(false)
  const world = { ...everywhere, namespace: mine }
  const mark = await env.auditLog.mark()
  await using _running = await startBootstrap(world, { namespace: mine })
  await makeReadyCluster(world, 'small')
  await makeMachine(world, { cluster: 'small', name: 'm' })
  await untilSaid(world, 'm', 'True Available')
  expect((await filesOf(world, 'm')).has('/etc/k0s.token')).toBe(true)
  expect((await env.auditLog.since(mark)).filter(isRefused)).toEqual([])
})

function isRefused({ user, status }: AuditEntry): boolean {
  return user === `system:serviceaccount:k0smotron:${account}` && status === 403
}
