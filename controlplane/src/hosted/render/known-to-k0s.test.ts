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
          readonly containers: readonly { readonly name: string; readonly command?: readonly string[] }[]
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

/** The texts of configurations that k0s itself reads; a chart or a manifest beside it is the user's. */
const configurationsOf = ({ objects }: Golden) =>
  objects.flatMap(({ data }) => data?.['k0s.yaml'] ?? []).filter(text => text.startsWith('apiVersion'))

/** What every container runs that starts k0s, whatever the container is called. */
const commandsOf = ({ objects }: Golden) =>
  objects
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .map(({ command = [] }) => command)
    .filter(([program]) => program === 'k0s')

describe.each(goldens)('%s', (_, golden) => {
  it('has no configuration key that k0s would refuse', () => {
    const paths = configurationsOf(golden).flatMap(text => pathsOf(load(text), ''))
    expect(paths.filter(path => !(path in known.config))).toEqual([])
  })

  it('has no flag that k0s would refuse', () => {
    for (const [, role = '', ...flags] of commandsOf(golden)) {
      const names = flags.map(flag => flag.split('=', 1)[0])
      expect(known.commands[role]).toEqual(expect.arrayContaining(names))
    }
  })

  it('is looked at: it starts k0s with a configuration and flags, if it starts anything', () => {
    const runs = golden.objects.filter(({ kind }) => kind === 'StatefulSet').length > 0
    expect(configurationsOf(golden).length > 0).toBe(runs)
    expect(commandsOf(golden).some(([, role, ...flags]) => role === 'controller' && flags.length > 0)).toBe(runs)
  })
})

it('looks at more than a few', () => {
  expect(goldens.filter(([, golden]) => commandsOf(golden).length > 0).length).toBeGreaterThan(5)
})
