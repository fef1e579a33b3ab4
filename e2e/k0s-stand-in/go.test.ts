// The stand-in's own Go tests; they also tell when known.json is stale — shell
import { promisify } from 'node:util'
import { execFile } from '@k0smotron-ts/hack/programs'
import { expect, test } from 'vitest'

test('go vet and go test pass', { timeout: 300_000 }, async () => {
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' }
  const run = (args: readonly string[]): Promise<{ readonly stdout: string }> =>
    promisify(execFile)('go', args, { cwd: import.meta.dirname, env, maxBuffer: 16e6 })
  await run(['vet', './...'])
  expect((await run(['test', './...'])).stdout).toContain('ok ')
})
