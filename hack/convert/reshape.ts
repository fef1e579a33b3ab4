// A YAML document made to say something else, with its comments — core
import type { JsonObject } from '@k0smotron-ts/api'
import { type Document, isMap, isNode, isScalar, isSeq, type Node, Pair, Scalar, visit, YAMLMap, YAMLSeq } from 'yaml'

type Item = Pair<unknown, unknown>

/** A pair that its map no longer has; wherever its value is needed, it is put with its comments. */
interface Spare {
  readonly item: Item
  readonly map: YAMLMap
  readonly index: number
  isTaken: boolean
}

interface Reshaping {
  readonly document: Document
  readonly spares: Spare[]
}

/** Scalars are text: the document was read so that each keeps its spelling. */
export function reshape(document: Document, value: JsonObject): void {
  document.contents = shaped({ document, spares: [] }, document.contents, value) as typeof document.contents
}

/** Whether both say the same, scalars as text. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(asText(a)) === JSON.stringify(asText(b))
}

function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, child]) => [name, asText(child)]))
}

function shaped(reshaping: Reshaping, node: unknown, value: unknown): unknown {
  if (isNode(node) && isSame(node.toJS(reshaping.document), value)) return node
  if (Array.isArray(value)) return withItems(reshaping, node, value)
  if (typeof value === 'object' && value !== null)
    return withFields(reshaping, isMap(node) ? node : new YAMLMap(), value as JsonObject)
  return isScalar(node) ? withText(node, value) : newNode(value)
}

function withItems(reshaping: Reshaping, node: unknown, value: readonly unknown[]): Node {
  if (!isSeq(node) || node.items.length !== value.length) return newNode(value)
  node.items = node.items.map((item, index) => shaped(reshaping, item, value[index]))
  return node
}

function withFields(reshaping: Reshaping, map: YAMLMap, value: JsonObject): YAMLMap {
  const own = map.items.flatMap((item, index) =>
    Object.hasOwn(value, nameOf(item)) ? [] : [{ item, map, index, isTaken: false }],
  )
  reshaping.spares.push(...own)
  const before = [...map.items]
  const made = new Map<string, Item>()
  const places = new Map<number, Item[]>()
  for (const [name, child] of Object.entries(value)) {
    const item = before.find(one => nameOf(one) === name)
    if (item) item.value = shaped(reshaping, item.value, child)
    else made.set(name, newItem(reshaping, name, child))
  }
  for (const item of made.values()) {
    const spare = own.find(one => one.item === item || isWithin(item, one.item))
    if (spare && spare.item !== item) moveBlankLine(spare.item, item)
    const place = spare?.index ?? before.length
    places.set(place, [...(places.get(place) ?? []), item])
  }
  const gone = new Set(own.map(({ item }) => item))
  map.items = [...before, undefined].flatMap((item, index) => [
    ...(places.get(index) ?? []),
    ...(item && !gone.has(item) ? [item] : []),
  ]) as typeof map.items
  keepComments(map, own)
  return map
}

function newItem(reshaping: Reshaping, name: string, value: unknown): Item {
  const spare = spareFor(reshaping, name, value)
  if (!spare) return new Pair(newScalar(name), shaped(reshaping, undefined, value))
  spare.isTaken = true
  if (isScalar(spare.item.key)) spare.item.key.value = name
  return spare.item
}

/** Of those with this value the one that is called most alike: `kineDataSourceURL` becomes `dataSourceURL`. */
function spareFor({ document, spares }: Reshaping, name: string, value: unknown): Spare | undefined {
  const fitting = spares.filter(
    ({ item, isTaken }) => !isTaken && isNode(item.value) && isSame(item.value.toJS(document), value),
  )
  const alike = (spare: Spare) => nameOf(spare.item).toLowerCase().endsWith(name.toLowerCase())
  return fitting.find(({ item }) => nameOf(item) === name) ?? fitting.find(alike) ?? fitting[0]
}

/** It parts fields of the map that had it. */
function moveBlankLine(from: Item, to: Item): void {
  if (!isScalar(from.key) || !isScalar(to.key) || !from.key.spaceBefore) return
  to.key.spaceBefore = true
  from.key.spaceBefore = false
}

function isWithin(item: Item, part: Item): boolean {
  let isFound = false
  visit(item as never, {
    Pair(_, pair) {
      if (pair === part) isFound = true
    },
  })
  return isFound
}

/** What was said beside a field that is gone is said at the end of where it was. */
function keepComments(map: YAMLMap, spares: readonly Spare[]): void {
  const left = spares.filter(({ isTaken }) => !isTaken).flatMap(({ item }) => commentsOf(item))
  if (left.length > 0) map.comment = [map.comment, ...left].filter(comment => comment).join('\n')
}

function commentsOf(item: Item): string[] {
  const found: (string | null | undefined)[] = []
  visit(item as never, {
    Node(_, node) {
      found.push((node as Node).commentBefore, (node as Node).comment)
    },
  })
  return found.filter(comment => typeof comment === 'string')
}

function nameOf({ key }: Item): string {
  return String(isScalar(key) ? key.value : key)
}

function newNode(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    list.items = value.map(newNode)
    return list
  }
  if (typeof value !== 'object' || value === null) return newScalar(value)
  const map = new YAMLMap()
  map.items = Object.entries(value).map(
    ([name, child]) => new Pair(newScalar(name), newNode(child)),
  ) as typeof map.items
  return map
}

/** Its comments stay. */
function withText(scalar: Scalar, value: unknown): Scalar {
  const { type } = newScalar(value)
  return Object.assign(scalar, { value: String(value), ...(type && { type }) })
}

/** Words that no parser takes for something else. */
const isPlain = (text: string) =>
  /^[A-Za-z][-A-Za-z0-9./]*$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)

function newScalar(value: unknown): Scalar {
  const scalar = new Scalar(String(value))
  scalar.type = typeof value === 'string' && !isPlain(value) ? Scalar.QUOTE_SINGLE : Scalar.PLAIN
  return scalar
}
