// One recipe, one cache entry — core
import { expect, test } from 'vitest'
import { outputsOf, type Tool, toolOf } from '../catalogue.ts'
import { goVersionProblem } from './go-version.ts'
import { programNameOf, recipeOf } from './recipe.ts'

const tool: Tool = {
  name: 'thing',
  folder: 'hack/tools/thing',
  module: 'example.org/thing/v3',
  versionVariables: ['example.org/thing/v3/version'],
  outputs: { thing: { kind: 'program', package: 'example.org/thing/v3/cmd/thing' } },
  effort: { weight: 1, packages: 1 },
}
const goMod = { path: 'go.mod', content: 'module x\n\nrequire (\n\texample.org/thing/v3 v3.4.5 // indirect\n)\n' }
const goSum = { path: 'go.sum', content: 'sums' }

test('the version is the one that go.mod requires, and the program is told it', () => {
  const { version, flags, entry } = recipeOf(tool, [goMod, goSum], 'linux-x64')

  expect(version).toBe('v3.4.5')
  expect(flags.at(-1)).toContain('-X example.org/thing/v3/version.gitVersion=v3.4.5')
  expect(flags.at(-1)).toContain('-X example.org/thing/v3/version.gitMinor=4')
  expect(entry).toMatch(/^thing-v3\.4\.5-[0-9a-f]{16}$/)
})

test('a requirement on a line of its own counts too; a module that is not required is refused', () => {
  const alone = { path: 'go.mod', content: 'require example.org/thing/v3 v3.9.0\n' }
  expect(recipeOf(tool, [alone], 'linux-x64').version).toBe('v3.9.0')
  expect(() => recipeOf(tool, [goSum], 'linux-x64')).toThrow('does not require example.org/thing/v3')
})

test('whatever decides the bytes decides the entry, the order of files does not', () => {
  const entry = (files: (typeof goMod)[], platform = 'linux-x64', made = tool): string =>
    recipeOf(made, files, platform).entry
  const base = entry([goMod, goSum])

  expect(entry([goSum, goMod])).toBe(base)
  const others = [
    entry([goMod, { ...goSum, content: 'other sums' }]),
    entry([goMod, goSum, { path: 'main.go', content: 'package main' }]),
    entry([goMod, goSum], 'linux-arm64'),
    entry([goMod, goSum], 'linux-x64', { ...tool, versionVariables: [] }),
  ]
  expect(new Set([base, ...others]).size).toBe(5)
})

test.each([
  ['example.org/a/cmd/kubectl', 'kubectl'],
  ['go.etcd.io/etcd/server/v3', 'server'],
  ['example.org/kine', 'kine'],
  ['.', 'thing'],
])('go build calls the program of %s %s', (goPackage, name) => {
  expect(programNameOf(goPackage, tool)).toBe(name)
})

test('a name stands for a tool, or for one file; no name for everything; an unknown one is refused', () => {
  expect(outputsOf(['kwok'])).toEqual(['kwok', 'kwok-stages.yaml'])
  expect(outputsOf(['kubectl'])).toEqual(['kubectl'])
  expect(outputsOf([])).toContain('kube-apiserver')
  expect(toolOf('kubectl').name).toBe('kubernetes')
  expect(() => toolOf('kubectI')).toThrow('No tool makes "kubectI"')
})

test.each([
  ['go version go1.26.8 linux/amd64', undefined],
  ['go version go1.27rc1 linux/amd64', undefined],
  ['go version go2.0 linux/amd64', undefined],
  [
    'go version go1.25.9 linux/amd64',
    'Go 1.26 or newer is needed, and `go version` says "go version go1.25.9 linux/amd64"',
  ],
  ['gibberish\n', 'Go 1.26 or newer is needed, and `go version` says "gibberish"'],
  [undefined, 'Go 1.26 or newer is needed, and there is no `go` in PATH'],
])('Go that prints %j: %s', (printed, problem) => {
  expect(goVersionProblem(printed)).toBe(problem)
})
