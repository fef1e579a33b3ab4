// The embedded management cluster: it starts, it answers, and nothing of it stays — shell
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { execFileSync, spawn } from '../../programs/start.ts'
import { kubectl, startTestEnv } from '../../testenv/index.ts'

/** The command lines of all processes that work in this folder. */
function processesIn(dir: string): readonly string[] {
  const listing = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  return listing.split('\n').filter(line => line.includes(dir))
}

async function isRefused(server: string): Promise<boolean> {
  const { hostname, port } = new URL(server)
  const socket = connect({ host: hostname, port: Number(port) })
  try {
    await once(socket, 'connect')
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  } finally {
    socket.destroy()
  }
}

test('two environments run side by side, answer as the pinned version, and share nothing', async () => {
  await using one = await startTestEnv()
  await using other = await startTestEnv()

  expect(JSON.parse(await kubectl(one.kubeconfig, ['get', '--raw', '/version']))).toMatchObject({
    gitVersion: 'v1.36.3',
  })
  expect(await kubectl(other.kubeconfig, ['get', '--raw', '/readyz'])).toBe('ok')
  await kubectl(one.kubeconfig, ['create', 'namespace', 'only-here'])
  await expect(kubectl(other.kubeconfig, ['get', 'namespace', 'only-here'])).rejects.toThrow('not found')
})

test('environments that are started at the same moment do not meet on a port', async () => {
  const environments = await Promise.all([startTestEnv(), startTestEnv()])
  const answers = await Promise.all(
    environments.map(({ kubeconfig }) => kubectl(kubeconfig, ['get', '--raw', '/readyz'])),
  )
  await Promise.all(environments.map(env => env.stop()))
  expect(answers).toEqual(['ok', 'ok'])
})

test('stop leaves no process, no folder and no port', async () => {
  const env = await startTestEnv({ controllerManager: true })
  expect(processesIn(env.dir)).not.toEqual([])

  await env.stop()

  expect(processesIn(env.dir)).toEqual([])
  expect(existsSync(env.dir)).toBe(false)
  expect(await isRefused(env.connection.server)).toBe(true)
})

test('a killed parent takes everything with it', async () => {
  const script = join(import.meta.dirname, 'start-and-wait.ts')
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [dir] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
  expect(processesIn(dir)).not.toEqual([])

  parent.kill('SIGKILL')

  await expect.poll(() => processesIn(dir)).toEqual([])
  await expect.poll(() => existsSync(dir)).toBe(false)
})
