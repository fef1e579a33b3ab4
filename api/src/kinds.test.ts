import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { kinds } from './kinds.ts'
import { crdOf } from './schema/crd.ts'
import { validate } from './schema/kind.ts'
import { lintSchema } from './schema/lint.ts'

type Node = {
  readonly description: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

const plain = (schema: unknown): Node => JSON.parse(JSON.stringify(schema ?? {}))

/** Every value of `keyword` anywhere below. */
function valuesOf(schema: unknown, keyword: string): unknown[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === keyword ? [value] : []),
    ...valuesOf(value, keyword),
  ])
}

describe.each(kinds.map(kind => [kind.kind, kind] as const))('%s', (_, kind) => {
  it('has a structural, described and bounded schema', () => {
    expect(lintSchema(plain(kind.spec), 'spec')).toEqual([])
    if (kind.status) expect(lintSchema(plain(kind.status), 'status')).toEqual([])
  })

  it('starts the description of each field with its name', () => {
    const wrong: string[] = []
    const look = (schema: Node, path: string) => {
      for (const [name, child] of Object.entries(schema.properties ?? {})) {
        if (!child.description.startsWith(`${name} `)) wrong.push(`${path}.${name}`)
        look(child, `${path}.${name}`)
      }
      if (schema.items) look(schema.items, `${path}[]`)
    }
    look(plain(kind.spec), 'spec')
    look(plain(kind.status), 'status')
    expect(wrong).toEqual([])
  })

  it('has only patterns that the API server can compile (RE2)', () => {
    const patterns = valuesOf(plain(crdOf(kind)), 'pattern').filter(value => typeof value === 'string')
    for (const pattern of patterns) expect(() => RE2JS.compile(pattern)).not.toThrow()
  })

  it('defaults nothing but the number of replicas, and nothing in the status', () => {
    expect(valuesOf(plain(kind.spec), 'default')).toEqual(kind.kind === 'K0smotronControlPlane' ? [1] : [])
    expect(valuesOf(plain(kind.status), 'default')).toEqual([])
  })

  it('carries the contract label with a version that is served', () => {
    expect(kind.labels['cluster.x-k8s.io/v1beta2']).toBe(kind.version)
    expect(kind.labels).not.toHaveProperty('cluster.x-k8s.io/v1beta1')
  })

  it('is named as Cluster API core computes it', () => {
    expect(crdOf(kind)).toMatchObject({
      metadata: { name: `${kind.kind.toLowerCase()}s.${kind.group}` },
      spec: { names: { listKind: `${kind.kind}List`, categories: ['cluster-api'] }, scope: 'Namespaced' },
    })
  })
})

describe('validate', () => {
  const [workerConfig] = kinds
  it('names the path of what is wrong', () => {
    if (!workerConfig) throw new Error('no kinds')
    expect(validate(workerConfig, { spec: { files: [{ path: '' }] } })).toEqual([
      { path: 'spec.files.0.path', message: expect.stringContaining('1') },
    ])
    expect(validate(workerConfig, { spec: { args: ['--debug'] } })).toEqual([])
  })
})
