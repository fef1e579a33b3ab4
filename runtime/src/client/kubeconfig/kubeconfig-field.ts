// One field of a kubeconfig: messages say where it is and never what is in it — core

/** A kubeconfig that cannot be used; the message may be shown to the user. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
}

/** One place in the document, so that every complaint can say where. */
export interface Field {
  readonly value: unknown
  readonly path: string
}

export function entries<T>(root: Field, name: string, read: (field: Field) => T): ReadonlyMap<string, T> {
  const list = at(root, name)
  if (list.value === undefined || list.value === null) return new Map()
  if (!Array.isArray(list.value)) throw refused(list, 'is not a list')
  return new Map(
    list.value.map((value: unknown, index): [string, T] => {
      const field = { value, path: `${list.path}[${index}]` }
      return [optionalText(at(field, 'name')) ?? '', read(field)]
    }),
  )
}

export function at({ value, path }: Field, key: string): Field {
  const inner = path ? `${path}.${key}` : key
  if (value === undefined || value === null) return { value: undefined, path: inner }
  if (!isMapping(value)) throw new KubeconfigError(`kubeconfig: ${path || 'the document'} is not a mapping`)
  return { value: value[key], path: inner }
}

export function optionalText(field: Field): string | undefined {
  if (field.value === undefined || field.value === null || field.value === '') return undefined
  if (typeof field.value !== 'string') throw refused(field, 'is not text')
  return field.value
}

export function refuseAny(field: Field, keys: readonly string[], why: string): void {
  const present = keys
    .map(key => at(field, key))
    .find(({ value }) => value !== undefined && value !== null && value !== '')
  if (present) throw refused(present, why)
}

export function refused(field: Field, why: string): KubeconfigError {
  return new KubeconfigError(`kubeconfig: ${field.path}: ${why}`)
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
