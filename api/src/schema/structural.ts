// The keywords that apiextensions.k8s.io/v1 takes in a structural schema — core
const keywords: ReadonlySet<string> = new Set([
  'type',
  'description',
  'default',
  'enum',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'anyOf',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
])

/** `anyOf` only beside `x-kubernetes-int-or-string`, which the field helpers see to. */
export function isStructuralKeyword(keyword: string): boolean {
  return keywords.has(keyword)
}
