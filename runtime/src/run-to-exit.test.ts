// From the signals of the operating system to an exit code — shell
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Program {
  /** The next log message. */
  readonly next: () => Promise<unknown>
  readonly signal: (name: NodeJS.Signals) => void
  readonly exit: Promise<unknown>
}

/** A process whose `run` is this text. */
function program(run: string): Program {
  const source = `
    import { createLogger } from '${import.meta.resolve('./log/logger.ts')}'
    import { runToExit } from '${import.meta.resolve('./run-to-exit.ts')}'
    const log = createLogger({ level: 'info' })
    const until = signal => new Promise(resolve => signal.addEventListener('abort', resolve))
    setInterval(() => undefined, 1 << 30)
    await runToExit(${run}, log)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    next: async () => JSON.parse((await lines.next()).value ?? '{}').msg,
    signal: name => void child.kill(name),
    exit: once(child, 'exit').then(([code]) => code),
  }
}

test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('%s asks to stop, and the code is what run says', async name => {
  const { next, signal, exit } = program(`async signal => {
    log.info({}, 'Running')
    await until(signal)
    return 7
  }`)
  expect(await next()).toBe('Running')
  signal(name)
  expect([await next(), await exit]).toEqual(['Stopping', 7])
})

test('a second signal ends at once', async () => {
  const { next, signal, exit } = program(`async signal => {
    log.info({}, 'Running')
    await until(signal)
    await new Promise(() => undefined)
  }`)
  await next()
  signal('SIGTERM')
  expect(await next()).toBe('Stopping')
  signal('SIGTERM')
  expect([await next(), await exit]).toEqual(['Ending at once', 1])
})

test.each([
  [
    'a rejection that nobody handles',
    `async () => { void Promise.reject(new Error('lost')); await new Promise(() => 0) }`,
  ],
  [
    'an exception in a callback',
    `async () => { setImmediate(() => { throw new Error('lost') }); await new Promise(() => 0) }`,
  ],
  ['a run that rejects', `async () => { throw new Error('lost') }`],
])('%s is said and ends the process', async (_, run) => {
  const { next, exit } = program(run)
  expect([await next(), await exit]).toEqual(['Failure that nothing handles', 1])
})
