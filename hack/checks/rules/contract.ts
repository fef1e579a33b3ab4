// What is wrong with docs/contract.md, and with the names of rules in code — core
import type { Source } from '../sources.ts'

interface Rule {
  readonly name: string
  readonly files: readonly string[]
  readonly test: { readonly path: string; readonly title: string }
}

/** `(contract: <rule>)` in a comment or a title. */
const citation = /\(contract: ([^)]+)\)/g

export function contractFaults(page: string, sources: readonly Source[]): string[] {
  const rules = rulesOf(page)
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  const names = new Set(rules.map(({ name }) => name))
  return [
    ...(rules.length === 0 ? ['docs/contract.md has no rule'] : []),
    ...rules.flatMap(rule => faultsOf(rule, texts)),
    ...sources.flatMap(source => citationFaults(source, names)),
  ]
}

function rulesOf(page: string): Rule[] {
  const rows = page.matchAll(/^\| ([^|]+) \| (`[^|]+`) \| `([^`|]+)`: ([^|]+) \|$/gm)
  return [...rows].map(([, name = '', files = '', path = '', title = '']) => ({
    name,
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    test: { path, title },
  }))
}

function faultsOf({ name, files, test }: Rule, texts: ReadonlyMap<string, string>): string[] {
  const missing = [...files, test.path].filter(path => !texts.has(path))
  const text = texts.get(test.path)
  const isThere = text === undefined || ["'", '"', '`'].some(quote => text.includes(`${quote}${test.title}${quote}`))
  return [
    ...missing.map(path => `docs/contract.md: ${name}: ${path} is not there`),
    ...(isThere ? [] : [`docs/contract.md: ${name}: ${test.path} has no test "${test.title}"`]),
  ]
}

function citationFaults({ path, text }: Source, names: ReadonlySet<string>): string[] {
  const unknown = [...text.matchAll(citation)].flatMap(([, name = '']) => (names.has(name) ? [] : [name]))
  return unknown.map(name => `${path}: rule "${name}" is not in docs/contract.md`)
}
