import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'

const here = import.meta.dirname

/** What the k0s stand-in takes, and so k0s: flags by command, paths of configuration keys with their types. */
interface Known {
  readonly commands: Readonly<Record<string, readonly string[]>>
  readonly config: Readonly<Record<string, string>>
}

const known = JSON.parse(
  readFileSync(join(here, '..', '..', '..', '..', 'e2e', 'k0s-stand-in', 'known.json'), 'utf8'),
) as Known

interface Golden {
  readonly objects: readonly {
    readonly kind: string
    readonly data?: Readonly<Record<string, string>>
    readonly spec?: {
      readonly template?: {
        readonly spec: {
          readonly containers: readonly { readonly name: string; readonly command: readonly string[] }[]
        }
      }
    }
  }[]
}

const goldens = readdirSync(join(here, '__golden__')).map(
  file => [file, load(readFileSync(join(here, '__golden__', file), 'utf8')) as Golden] as const,
)

/** Paths of all leaves; below a key of type `any` or `map` everything is the user's. */
function pathsOf(value: unknown, path: string): string[] {
  const type = known.config[path]
  const isFree = type === 'any' || type?.startsWith('map')
  if (isFree || typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([key, part]) => pathsOf(part, path === '' ? key : `${path}.${key}`))
}

describe.each(goldens)('%s', (_, { objects }) => {
  it('has no configuration key that k0s would refuse', () => {
    const texts = objects.flatMap(({ data = {} }) =>
      Object.entries(data)
        .filter(([key]) => key === 'k0s.yaml')
        .map(([, text]) => text),
    )
    const unknown = texts
      .filter(text => text.startsWith('apiVersion'))
      .flatMap(text => pathsOf(load(text), '').filter(path => !(path in known.config)))
    expect(unknown).toEqual([])
  })

  it('has no flag that k0s would refuse', () => {
    const commands = objects
      .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
      .filter(({ name }) => name === 'controller')
      .map(({ command }) => command)
    for (const [k0s, role = '', ...flags] of commands) {
      expect(k0s).toBe('k0s')
      const names = flags.map(flag => flag.split('=', 1)[0])
      expect(known.commands[role]).toEqual(expect.arrayContaining(names))
    }
  })
})

it('looks at configurations and flags', () => {
  const files = goldens.flatMap(([, { objects }]) => objects.flatMap(({ data = {} }) => Object.keys(data)))
  expect(files.filter(key => key === 'k0s.yaml').length).toBeGreaterThan(5)
})
