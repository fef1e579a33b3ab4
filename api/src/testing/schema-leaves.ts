// Every field of a schema that can be set, with objects that set it and that do not — core

/** What we read of a schema. */
export interface SchemaNode {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly additionalProperties?: SchemaNode
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
}

export interface LeafCase {
  /** `spec.storage.etcd.image`; entries of lists and maps have no name of their own. */
  readonly path: string
  readonly without: object
  readonly with: object
}

/** `samples`: values for paths where any value of the type will not do. */
export function leafCases(schema: SchemaNode, samples: Readonly<Record<string, unknown>>): LeafCase[] {
  return leavesOf(schema, []).map(steps => {
    const path = ['spec', ...steps].join('.')
    const cut = nearestOptional(schema, steps)
    return {
      path,
      without: made({ schema, steps: steps.slice(0, cut), samples, path: 'spec', isCut: true }) as object,
      with: made({ schema, steps, samples, path: 'spec', isCut: false }) as object,
    }
  })
}

type Steps = readonly string[]

/** The keys of a list are no leaves: they only tell entries apart. */
function leavesOf(schema: SchemaNode, steps: Steps): Steps[] {
  const { items, 'x-kubernetes-list-map-keys': keys = [] } = schema
  if (items)
    return leavesOf(items, steps).filter(leaf => leaf.length !== steps.length + 1 || !keys.includes(leaf.at(-1) ?? ''))
  const properties = Object.entries(schema.properties ?? {})
  return properties.length === 0 ? [steps] : properties.flatMap(([name, child]) => leavesOf(child, [...steps, name]))
}

/** How many steps lead to the last field on the way that may be absent. */
function nearestOptional(schema: SchemaNode, steps: Steps): number {
  let node = schema
  let nearest = 0
  steps.forEach((step, index) => {
    const parent = node.items ?? node
    if (!parent.required?.includes(step)) nearest = index + 1
    node = parent.properties?.[step] ?? {}
  })
  return nearest
}

interface Making {
  readonly schema: SchemaNode
  readonly steps: Steps
  readonly samples: Readonly<Record<string, unknown>>
  readonly path: string
  /** The last step is left out. */
  readonly isCut: boolean
}

function made(making: Making): unknown {
  const { schema, path, samples } = making
  if (path in samples) return samples[path]
  if (schema.items) return [made({ ...making, schema: schema.items })]
  if (schema.additionalProperties) return { sample: sampleOf(schema.additionalProperties) }
  if (!schema.properties || Object.keys(schema.properties).length === 0) return sampleOf(schema)
  return Object.fromEntries(fieldsOf(making))
}

function fieldsOf({ schema, steps, isCut, ...rest }: Making): [string, unknown][] {
  const [next] = steps
  const isLeftOut = isCut && steps.length === 1
  const names = new Set([...(schema.required ?? []), ...(next === undefined || isLeftOut ? [] : [next])])
  return [...names].map(name => {
    const child = schema.properties?.[name] ?? {}
    const below = name === next ? steps.slice(1) : []
    return [name, made({ ...rest, schema: child, steps: below, isCut, path: `${rest.path}.${name}` })]
  })
}

function sampleOf(schema: SchemaNode): unknown {
  if (schema.enum) return schema.enum.at(-1)
  if (schema['x-kubernetes-int-or-string']) return '2Gi'
  const samples: Readonly<Record<string, unknown>> = {
    integer: (schema.minimum ?? 0) + 7,
    boolean: true,
    object: { sample: 'x' },
  }
  return samples[schema.type ?? ''] ?? 'sample'
}
