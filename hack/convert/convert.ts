// Manifests of older versions as text of the stored ones: comments stay, and so does everything of other kinds — core
import { convertObject, type JsonObject, type Kind, kindOf, unknownFields } from '@k0smotron-ts/api'
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { isSame, reshape } from './reshape.ts'

/** A field that has no effect in the version of its object. */
export interface Stray {
  readonly line: number
  readonly message: string
}

export interface Converted {
  readonly text: string
  readonly strays: readonly Stray[]
}

/** Why nothing was converted. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** The text of documents that need no other is left byte for byte. */
export function convertManifests(text: string): Converted {
  let lines = 0
  const parts = text.split(/^(?=---(?:\s|$))/m).map(part => {
    const [header = ''] = /^---[ \t]*(#[^\n]*)?\r?\n/.exec(part) ?? []
    const body = part.slice(header.length)
    const converted = convertDocument(body, lines + linesIn(header))
    lines += linesIn(part)
    return { ...converted, text: header + converted.text }
  })
  return { text: parts.map(part => part.text).join(''), strays: parts.flatMap(({ strays }) => strays) }
}

const linesIn = (text: string) => text.split('\n').length - 1

/** Others are not even parsed: they may be of a language that makes YAML. */
const mayBeOurs = /\bapiVersion['"]?\s*:\s*['"]?[a-z0-9.-]*(k0smotron\.io|cluster\.x-k8s\.io)\/v1beta/

function convertDocument(text: string, linesBefore: number): Converted {
  if (!mayBeOurs.test(text)) return { text, strays: [] }
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter })
  const lineOf = (offset: number) => linesBefore + lineCounter.linePos(offset).line
  const [error] = document.errors
  if (error) throw new ManifestError(lineOf(error.pos[0]), error.message.split('\n')[0] ?? '')
  const object = document.toJS() as unknown
  const objects = objectsIn(object)
  const strays = objects.flatMap(one => straysOf(one, document, lineOf))
  const converted = converting(object)
  if (converted === object) return { text, strays }
  refuseMergeKeys(document, lineOf)
  reshape(document, converted as JsonObject)
  return { text: printed(document, { text, converted, line: lineOf(0) }), strays }
}

interface Placed {
  readonly object: JsonObject
  readonly path: readonly (string | number)[]
}

/** The object, or those in a list of `kubectl get -o yaml`. */
function objectsIn(value: unknown): readonly Placed[] {
  if (!isObject(value)) return []
  if (value.kind !== 'List' || !Array.isArray(value.items)) return [{ object: value, path: [] }]
  return value.items.flatMap((item, index) => (isObject(item) ? [{ object: item, path: ['items', index] }] : []))
}

/** The very same value when there is nothing to convert. */
function converting(value: unknown): unknown {
  if (!isObject(value)) return value
  if (value.kind === 'List' && Array.isArray(value.items)) {
    const items = value.items.map(converting)
    return items.some((item, index) => item !== (value.items as unknown[])[index]) ? { ...value, items } : value
  }
  const kind = kindOf(value)
  return kind ? convertObject(value, `${kind.group}/${kind.version}`) : value
}

function straysOf({ object, path }: Placed, document: Document, lineOf: (offset: number) => number): Stray[] {
  const kind = kindOf(object)
  if (!kind) return []
  const { group, version, older } = kind
  const isOlder = object.apiVersion !== `${group}/${version}`
  const strays = fieldsOf(object, isOlder && older ? older : kind)
  const inStored = isOlder ? fieldsOf(convertObject(object, `${group}/${version}`), kind).map(String) : undefined
  return strays.map(field => {
    const known = inStored && !inStored.includes(String(field)) ? `; ${version} does, and there it has an effect` : ''
    const message = `${named(field)}: ${String(object.apiVersion)} does not know the field${known}`
    return { line: lineOf(offsetOf(document, [...path, ...field])), message }
  })
}

type Field = readonly (string | number)[]

function fieldsOf(
  object: JsonObject,
  { spec, status }: Pick<Kind, 'spec' | 'status'> | NonNullable<Kind['older']>,
): readonly Field[] {
  const top = Object.keys(object).filter(name => !['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(name))
  return [
    ...top.map(name => [name]),
    ...unknownFields(spec, object.spec).map(field => ['spec', ...field]),
    ...(status ? unknownFields(status, object.status).map(field => ['status', ...field]) : []),
  ]
}

function named(field: Field): string {
  return field.map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step)).join('')
}

function offsetOf(document: Document, field: Field): number {
  const parent = document.getIn(field.slice(0, -1), true)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === field.at(-1)) : undefined
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0
}

function refuseMergeKeys(document: Document, lineOf: (offset: number) => number): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '<<')
        throw new ManifestError(
          lineOf(key.range?.[0] ?? 0),
          'a merge key (<<) is not converted; write out what it merges',
        )
    },
  })
}

interface Printing {
  readonly text: string
  readonly converted: unknown
  readonly line: number
}

/** In the style of the text, and read back: nothing but comments and blanks may differ from what was converted. */
function printed(document: Document, { text, converted, line }: Printing): string {
  const style = {
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  }
  const print = document.toString(style)
  const again = parseDocument(print, { schema: 'failsafe' })
  if (again.errors.length > 0 || !isSame(again.toJS(), converted))
    throw new ManifestError(
      line,
      'the document cannot be rewritten, as with an alias (*) that comes before its anchor (&); write out what it stands for',
    )
  const ending = text.endsWith('\n') ? print : print.replace(/\n$/, '')
  return text.includes('\r\n') ? ending.replaceAll('\n', '\r\n') : ending
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
