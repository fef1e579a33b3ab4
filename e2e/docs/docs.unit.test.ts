// Which pages are followed, where, and with which substitutes — shell
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { blocksOf } from '@k0smotron-ts/hack/docs'
import { execFile } from '@k0smotron-ts/hack/programs'
import { expect, test } from 'vitest'
import { kindScript } from './kind-script.ts'
import { corePages, otherPages, readPages } from './pages.ts'
import { partsOf } from './parts.ts'
import { substituted, substitutes } from './substitutes.ts'

const fence = '```'
const block = (remark: string, command: string): string => `${remark}\n${fence}sh\n${command}\n${fence}\n`

test('every page of docs is followed once', async () => {
  const there = (await readdir(join(import.meta.dirname, '../../docs'))).filter(name => name.endsWith('.md'))
  const followed = [...corePages, ...(await otherPages())]
  expect(followed.toSorted()).toEqual(there.map(name => `docs/${name}`).sort())
})

test('a page is cut where it goes to a machine and back', () => {
  const page = [
    block('', 'echo 1'),
    block('<!-- not run: why -->', 'echo 2'),
    block('', 'echo 3'),
    block('<!-- run on a machine -->', 'echo 4'),
    block('', 'echo 5'),
  ].join('\n')
  const parts = partsOf('docs/a.md', blocksOf(page))
  const echoed = parts.map(({ place, script }) => [place, ...(script.match(/^echo \d$/gm) ?? [])])
  expect(echoed).toEqual([
    ['desk', 'echo 1', 'echo 3'],
    ['machine', 'echo 4'],
    ['desk', 'echo 5'],
  ])
})

test('a substitute stands for what some page says, and is told', async () => {
  const pages = await readPages([...corePages, ...(await otherPages())])
  const said = pages.flatMap(({ parts }) => parts.map(({ script }) => script)).join('\n')
  expect(substitutes.filter(one => !said.includes(one.said))).toEqual([])
  const [first] = substitutes
  expect(substituted(`a\n${first?.said}\nb`)).toEqual({ text: `a\n${first?.done}\nb`, used: [first] })
  expect(substituted('kubectl get pods').used).toEqual([])
})

test('the quickstart on kind makes its cluster, then does what is done on any other, and bash understands it', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/quickstart.md'), 'utf8')
  const script = kindScript('docs/quickstart.md', blocksOf(page), 'arm64')
  const order = ['make image', 'kind create cluster', '-arm64.tar', 'kubectl apply', 'get namespaces', 'kind delete']
  expect(order.toSorted((one, other) => script.lastIndexOf(one) - script.lastIndexOf(other))).toEqual(order)
  await promisify(execFile)('bash', ['-n', '-c', script])
})
