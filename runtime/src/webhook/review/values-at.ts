// Where in JSON the values at given places are, by their bytes — core
import type { HandedOn } from '@k0smotron-ts/api'
import { AnswerError } from '../../client/body/json.ts'
import { byte, JsonStructure, opens } from '../../client/body/json-structure.ts'
import { limits } from '../../limits.ts'

export interface Value {
  readonly start: number
  readonly end: number
  /** Within how many objects and lists what is deepest in it is. */
  readonly deepest: number
}

/** Not beyond where there is too much outside of them: nobody parses it then. Throws for too many of them. */
export function valuesAt(body: Buffer, places: HandedOn): readonly Value[] {
  const reading = new Reading(body, places)
  for (const at of new JsonStructure().places(body)) {
    if (opens(body[at])) reading.open(at)
    else if (body[at] === byte.comma) reading.comma()
    else reading.close(at)
    if (reading.isTooMuch) break
  }
  return reading.found
}

class Reading {
  readonly found: Value[] = []
  readonly #body: Buffer
  readonly #places: HandedOn
  /** Of each object and list that is open outside of values; absent below those that have none. */
  readonly #above: (HandedOn | undefined)[] = []
  #start: number | undefined
  #depth = 0
  #deepest = 0
  /** Outside of those that are looked for, counted as by who parses them. */
  #others = 1

  constructor(body: Buffer, places: HandedOn) {
    this.#body = body
    this.#places = places
  }

  get isTooMuch(): boolean {
    return this.#above.length > limits.objectDepth.value || this.#others > limits.webhookValues.value
  }

  open(at: number): void {
    this.#depth++
    if (this.#start !== undefined) this.#deepest = Math.max(this.#deepest, this.#depth)
    else {
      const place = this.#depth === 1 ? this.#places : placeOf(this.#body, at, this.#above.at(-1))
      if (place === 'whole') [this.#start, this.#deepest] = [at, this.#depth]
      else {
        this.#above.push(place)
        this.#others++
      }
    }
  }

  comma(): void {
    if (this.#start === undefined) this.#others++
  }

  close(at: number): void {
    this.#depth--
    if (this.#start === undefined) this.#above.pop()
    else if (this.#depth === this.#above.length) {
      this.#add({ start: this.#start, end: at + 1, deepest: this.#deepest })
      this.#start = undefined
    }
  }

  #add(value: Value): void {
    const { value: max } = limits.webhookHandedOn
    if (this.found.length === max) throw new AnswerError('large', `more than ${max} values to be handed on`)
    this.found.push(value)
  }
}

function placeOf(body: Buffer, at: number, above: HandedOn | undefined): HandedOn[string] | undefined {
  if (!above) return undefined
  const name = nameBefore(body, at)
  return Object.hasOwn(above, name) ? above[name] : undefined
}

const [quote, colon] = [0x22, 0x3a]
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0a, 0x0d]

/** Of the field whose value begins there; `*` of an entry. Looks at no byte that it would look at for another value. */
function nameBefore(body: Buffer, at: number): string {
  const before = beforeBlanks(body, at)
  if (body[before] !== colon) return '*'
  const end = beforeBlanks(body, before)
  return body[end] === quote ? body.toString('latin1', body.lastIndexOf(quote, end - 1) + 1, end) : ''
}

function beforeBlanks(body: Buffer, at: number): number {
  let before = at - 1
  while (blanks.includes(body[before])) before--
  return before
}
