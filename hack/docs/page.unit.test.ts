// What a page says is what is run: in its order, in one shell, to the first failure — shell
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFile } from '../programs/start.ts'
import { blocksOf, scriptOf } from './page.ts'

const fence = '```'
const block = (language: string, ...lines: string[]): string => [`${fence}${language}`, ...lines, fence, ''].join('\n')

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function follow(markdown: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const run = promisify(execFile)('bash', ['-c', scriptOf('docs/a.md', blocksOf(markdown))], { cwd: folder })
  return run.catch((error: { readonly stdout: string; readonly stderr: string }) => error)
}

test('commands of all blocks run in one shell; what only shows something does not', async () => {
  const page = block('sh', 'name=x') + block('', 'exit 3') + block('text', 'exit 4') + block('sh', 'echo "$name"')
  expect((await follow(page)).stdout).toBe('x\n')
})

test('a manifest with a name is saved byte for byte, whatever it holds', async () => {
  const manifest = ['# it.yaml', 'apiVersion: v1', `data: {a: "$HOME \`id\` 'b' \\\\"}`]
  await follow(block('yaml', ...manifest))
  expect(await readFile(join(folder, 'it.yaml'), 'utf8')).toBe(`${manifest.join('\n')}\n`)
})

test('a manifest without a name is applied, a piece of one is not', () => {
  const script = scriptOf('docs/a.md', blocksOf(block('yaml', 'spec: {}') + block('yaml', 'kind: A', 'apiVersion: v1')))
  expect(script.split('\n').filter(line => line.startsWith('kubectl'))).toEqual([
    "kubectl apply -f - <<'END_OF_MANIFEST'",
  ])
})

test.each([
  ['above a block', `${block('sh', 'echo 1')}\n<!-- not run: needs Docker -->\n${block('sh', 'echo 2')}`, '1\n'],
  ['at the top of a page', `<!-- run by e2e/x.test.ts -->\n# Title\n${block('sh', 'echo 1')}`, ''],
])('a remark %s', async (_, page, printed) => {
  expect((await follow(page)).stdout).toBe(printed)
})

test('the first command that fails ends it, and its block is named', async () => {
  const { stdout, stderr } = await follow(`# Title\n\n${block('sh', 'false', 'echo on')}`)
  expect(stdout).toBe('')
  expect(stderr).toContain('The block at docs/a.md:4 ended with 1')
})

test('headings, and a fence that never ends', () => {
  const found = blocksOf(`## One\n${block('sh', 'a')}## Two\n${block('sh', 'b')}`)
  expect(found.map(({ heading, text }) => [heading, text])).toEqual([
    ['One', 'a\n'],
    ['Two', 'b\n'],
  ])
  expect(() => blocksOf(`text\n${fence}sh\nls`)).toThrow('the block of line 2 has no end')
})
