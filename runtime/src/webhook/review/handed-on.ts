// What of a review is handed on as it came: nobody looks into it, so it may be as large and as deep as it likes — core
import { byte, JsonStructure, opens } from '../../client/body/json-structure.ts'
import { limits } from '../../limits.ts'

/** Where such objects and lists are: by field, `*` for each entry of a list. */
export interface Places {
  readonly [field: string]: Places | 'whole'
}

export interface Shortened {
  /** The JSON with a text for each of them; `null` for one that kube-apiserver would not read again. */
  readonly body: Buffer
  /** They in JSON that has those texts. */
  readonly whole: (text: string) => Buffer
}

/**
 * `mark`: what no text of the body begins with. Whether they are JSON is not looked at: they are for whoever sent them.
 */
export function shortened(body: Buffer, places: Places, mark: string): Shortened {
  const found: Buffer[] = []
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end, deepest } of valuesAt(body, places)) {
    const isRead = deepest <= limits.webhookDepth.value
    pieces.push(body.subarray(from, start), Buffer.from(isRead ? `"${mark}${found.length}"` : 'null'))
    if (isRead) found.push(body.subarray(start, end))
    from = end
  }
  const standsFor = new RegExp(`"${mark}(\\d+)"`)
  return {
    body: Buffer.concat([...pieces, body.subarray(from)]),
    // what was split by is at odd places
    whole: text =>
      Buffer.concat(
        text.split(standsFor).map((part, nth) => (nth % 2 === 0 ? Buffer.from(part) : (found[Number(part)] as Buffer))),
      ),
  }
}

interface Value {
  readonly start: number
  readonly end: number
  /** Within how many objects and lists what is deepest in it is. */
  readonly deepest: number
}

function* valuesAt(body: Buffer, places: Places): Generator<Value> {
  const reading = new Reading(body, places)
  for (const at of new JsonStructure().places(body)) {
    if (opens(body[at])) reading.open(at)
    else if (body[at] !== byte.comma) {
      const start = reading.close()
      if (start !== undefined) yield { start, end: at + 1, deepest: reading.deepest }
    }
    if (reading.isTooDeep) return // nobody parses it
  }
}

class Reading {
  readonly #body: Buffer
  readonly #places: Places
  /** Of each object and list that is open outside of values; absent below those that have none. */
  readonly #above: (Places | undefined)[] = []
  #start: number | undefined
  #depth = 0
  deepest = 0

  constructor(body: Buffer, places: Places) {
    this.#body = body
    this.#places = places
  }

  get isTooDeep(): boolean {
    return this.#above.length > limits.objectDepth.value
  }

  open(at: number): void {
    this.#depth++
    if (this.#start !== undefined) this.deepest = Math.max(this.deepest, this.#depth)
    else {
      const place = this.#depth === 1 ? this.#places : placeOf(this.#body, at, this.#above.at(-1))
      if (place === 'whole') [this.#start, this.deepest] = [at, this.#depth]
      else this.#above.push(place)
    }
  }

  /** Where the value began that ends here, if one does. */
  close(): number | undefined {
    this.#depth--
    if (this.#start === undefined) this.#above.pop()
    if (this.#depth > this.#above.length) return undefined
    const start = this.#start
    this.#start = undefined
    return start
  }
}

/** As long as the longest name of a field, with what may be around it. */
const keyBytes = 128

function placeOf(body: Buffer, at: number, above: Places | undefined): Places[string] | undefined {
  if (!above) return undefined
  const before = body.subarray(Math.max(0, at - keyBytes), at).toString('latin1')
  const name = /"([^"\\]*)"\s*:\s*$/.exec(before)?.[1] ?? '*'
  return Object.hasOwn(above, name) ? above[name] : undefined
}
