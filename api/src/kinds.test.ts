import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { kinds, standaloneKinds } from './kinds.ts'
import { crdOf } from './schema/crd.ts'
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

/** Of patterns, and of `matches('…')` in CEL rules, where a backslash is written twice. */
function regularExpressions(crd: unknown): string[] {
  const texts = (keyword: string) => valuesOf(plain(crd), keyword).filter(value => typeof value === 'string')
  const inRules = texts('rule').flatMap(rule => [...rule.matchAll(/matches\('([^']*)'\)/g)])
  return [...texts('pattern'), ...inRules.map(([, expression = '']) => expression.replaceAll('\\\\', '\\'))]
}

const isStandalone = (kind: (typeof kinds)[number]) => standaloneKinds.includes(kind)
const conversion = { url: 'https://localhost/convert', caBundle: '' }

describe.each(kinds.map(kind => [kind.kind, kind] as const))('%s', (_, kind) => {
  const versions = [kind, ...(kind.older ? [kind.older] : [])]

  it('has structural, described and bounded schemas', () => {
    for (const { version, spec, status } of versions) {
      expect(lintSchema(plain(spec), `${version}: spec`)).toEqual([])
      if (status) expect(lintSchema(plain(status), `${version}: status`)).toEqual([])
    }
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
    for (const { version, spec, status } of versions) {
      look(plain(spec), `${version}: spec`)
      look(plain(status), `${version}: status`)
    }
    expect(wrong).toEqual([])
  })

  it('has only regular expressions that the API server can compile (RE2), in patterns and in rules', () => {
    const expressions = regularExpressions(crdOf(kind, conversion))
    expect(expressions).not.toEqual([])
    for (const expression of expressions) expect(() => RE2JS.compile(expression), expression).not.toThrow()
  })

  it('defaults nothing but the number of replicas, and nothing in the status', () => {
    const hasReplicas = ['K0smotronControlPlane', 'Cluster'].includes(kind.kind)
    expect(valuesOf(plain(kind.spec), 'default')).toEqual(hasReplicas ? [1] : [])
    expect(valuesOf(plain(kind.status), 'default')).toEqual([])
  })

  it('carries the contract label with a version that is served, if it is for Cluster API', () => {
    expect(kind.labels['cluster.x-k8s.io/v1beta2']).toBe(isStandalone(kind) ? undefined : kind.version)
    expect(kind.labels['cluster.x-k8s.io/v1beta1']).toBe(isStandalone(kind) ? undefined : kind.older?.version)
  })

  it('is named as Cluster API core computes it', () => {
    expect(crdOf(kind)).toMatchObject({
      metadata: { name: `${kind.kind.toLowerCase()}s.${kind.group}` },
      spec: { names: { listKind: `${kind.kind}List` }, scope: 'Namespaced' },
    })
    const categories = isStandalone(kind) ? {} : { categories: ['cluster-api'] }
    expect(crdOf(kind)).toHaveProperty('spec.names', expect.objectContaining(categories))
  })

  it('serves the older version, with a warning, only where something converts', () => {
    const names = (crd: object) =>
      (crd as { spec: { versions: { name: string }[] } }).spec.versions.map(({ name }) => name)
    expect(names(crdOf(kind))).toEqual(['v1beta2'])
    expect(names(crdOf(kind, conversion))).toEqual(['v1beta2', 'v1beta1'])
    expect(crdOf(kind, conversion)).toMatchObject({
      spec: {
        conversion: {
          strategy: 'Webhook',
          webhook: { conversionReviewVersions: ['v1', 'v1beta1'], clientConfig: conversion },
        },
        versions: [
          { served: true, storage: true },
          {
            storage: false,
            deprecated: true,
            deprecationWarning: expect.stringContaining(`use ${kind.group}/v1beta2`),
          },
        ],
      },
    })
  })

  it('says in TypeScript too what it says in CEL, wherever a conversion can bring a value in', () => {
    const brought = Object.entries(plain(kind.spec).properties ?? {})
    const old = plain(kind.older?.spec).properties ?? {}
    const mute = brought
      .filter(([name]) => !(name in old))
      .flatMap(([name]) => {
        const field = (kind.spec as unknown as { properties: Record<string, unknown> }).properties[name]
        return valuesOf(field, 'x-kubernetes-validations').flat() as { rule: string; isMet?: unknown }[]
      })
    expect(mute.filter(({ isMet }) => !isMet).map(({ rule }) => rule)).toEqual([])
  })
})
