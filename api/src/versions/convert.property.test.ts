import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kinds } from '../kinds.ts'
import { apiVersionOf } from '../resource.ts'
import { faultsOf, schemaOf } from '../schema/faults.ts'
import type { Kind } from '../schema/kind.ts'
import { valuesOf } from '../testing/arbitrary.ts'
import { conversion, convertObject } from './convert.ts'
import { type HandedOn, handedOnOf } from './handed-on.ts'
import { isObject, type JsonObject } from './json.ts'
import { conversionDataAnnotation } from './kept.ts'

const runs = { numRuns: 50 }

interface Version {
  readonly version: string
  readonly spec: object
  readonly status?: object | undefined
}

function objectsOf(kind: Kind, { version, spec, status }: Version): fc.Arbitrary<JsonObject> {
  const annotations = fc.dictionary(fc.constantFrom('a', 'k0smotron.io/b'), fc.string(), { noNullPrototype: true })
  const objects = fc.record(
    {
      apiVersion: fc.constant(`${kind.group}/${version}`),
      kind: fc.constant(kind.kind),
      metadata: fc.record(
        { name: fc.constant('one'), namespace: fc.constant('here'), annotations },
        { requiredKeys: ['name', 'namespace'], noNullPrototype: true },
      ),
      spec: valuesOf(schemaOf(spec)),
      ...(status && { status: valuesOf(schemaOf(status)) }),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata', 'spec'], noNullPrototype: true },
  )
  return objects.map(withoutEmptyMetadata) as fc.Arbitrary<JsonObject>
}

/** Empty metadata says nothing, and does not come back. */
function withoutEmptyMetadata(value: unknown): unknown {
  if (!isObject(value)) return value
  const fields = Object.entries(value).map(([name, child]) => [name, withoutEmptyMetadata(child)] as const)
  const isEmpty = (name: string, child: unknown) =>
    ['metadata', 'annotations'].includes(name) && isObject(child) && Object.keys(child).length === 0
  return Object.fromEntries(fields.filter(([name, child]) => !isEmpty(name, child)))
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) frozen(child)
    Object.freeze(value)
  }
  return value
}

function faults({ spec, status }: Version, object: JsonObject): string[] {
  return [
    ...(object.spec === undefined ? [] : faultsOf(schemaOf(spec), object.spec, 'spec')),
    ...(object.status === undefined ? [] : faultsOf(schemaOf(status ?? {}), object.status, 'status')),
  ]
}

const isAnything = fc.oneof(
  fc.string(),
  fc.json(),
  fc.jsonValue().map(value => JSON.stringify({ patches: value, storage: value, provisioner: value })),
)

const versioned = kinds.flatMap(kind => (kind.older ? [[kind.kind, kind, kind.older] as const] : []))

it('every kind has an older version', () => expect(versioned.length).toBe(kinds.length))

describe.each(versioned)('%s', (_, kind, older) => {
  const [stored, old] = [apiVersionOf(kind), `${kind.group}/${older.version}`]
  const inOlder = (object: JsonObject) => convertObject(object, old)
  const inStored = (object: JsonObject) => convertObject(object, stored)

  it('comes back from the older version as it was, and is valid there', () => {
    fc.assert(
      fc.property(objectsOf(kind, kind), object => {
        const there = inOlder(frozen(object))
        expect(faults(older, there)).toEqual([])
        expect(inStored(frozen(there))).toStrictEqual(object)
      }),
      runs,
    )
  })

  it('comes back from the stored version as it was, and is valid there', () => {
    fc.assert(
      fc.property(objectsOf(kind, { ...older, status: undefined }), object => {
        const there = inStored(frozen(object))
        expect(faults(kind, there)).toEqual([])
        expect(inOlder(frozen(there))).toStrictEqual(object)
      }),
      runs,
    )
  })
})

/** A text in place of each value that is handed on. */
function shortened(value: unknown, place: HandedOn[string]): unknown {
  if (place === 'whole') return 'text'
  if (!isObject(value)) return value
  const fields = Object.entries(value)
  return Object.fromEntries(fields.map(([name, child]) => [name, shortened(child, place[name] ?? {})]))
}

describe.each(versioned)('%s without what is handed on', (_, kind, older) => {
  it('converts to the same, without that', () => {
    const { convert, handedOn } = conversion
    for (const [from, to] of [
      [kind, older],
      [{ ...older, status: undefined }, kind],
    ] as const) {
      fc.assert(
        fc.property(objectsOf(kind, from), object => {
          const desired = `${kind.group}/${to.version}`
          const converted = convert(frozen(shortened(object, handedOn)) as JsonObject, desired)
          expect(converted).toStrictEqual(shortened(convert(frozen(object), desired), handedOn))
        }),
        runs,
      )
    }
  })

  it('has all of it at the same places in both versions', () => {
    expect(handedOnOf([{ ...kind, spec: older.spec as never }])).toEqual(handedOnOf([kind]))
  })
})

/** Those of which the older version cannot say everything, so that the annotation has something to keep. */
const keeping = versioned.filter(([name]) => name !== 'JoinTokenRequest')

describe.each(keeping)('%s with an annotation', (_, kind, older) => {
  const [stored, old] = [apiVersionOf(kind), `${kind.group}/${older.version}`]

  it('takes nothing from it that is not valid, and nothing that the older version can say', () => {
    fc.assert(
      fc.property(objectsOf(kind, older), isAnything, (object, text) => {
        const { metadata, ...rest } = object as { metadata: { annotations?: object } }
        const annotations = { ...metadata.annotations, [conversionDataAnnotation]: text }
        const there = convertObject(frozen({ ...rest, metadata: { ...metadata, annotations } }), stored)
        expect(faults(kind, there)).toEqual([])
        expect(JSON.stringify(there.metadata)).not.toContain(conversionDataAnnotation)
        const said = convertObject(there, old) as { spec: object }
        expect(said.spec).toStrictEqual(object.spec)
      }),
      runs,
    )
  })
})
