// What of a review is handed on as it came: nobody looks into it, so it may be as large and as deep as it likes — core
import { type HandedOn, tooDeep } from '@k0smotron-ts/api'
import { limits } from '../../limits.ts'
import { joined, type Piece } from './pieces.ts'
import { type Value, valuesAt } from './values-at.ts'

export interface Shortened {
  /** The JSON with a text for each value; `tooDeep` for one that kube-apiserver would not read again. */
  readonly body: Buffer
  /** The values in JSON that has those texts. */
  readonly whole: (json: string) => Buffer
}

/**
 * `mark`: what no text of the body begins with. Whether they are JSON is not looked at: they are for whoever sent them.
 * Throws an AnswerError for more of them than are taken.
 */
export function shortened(body: Buffer, places: HandedOn, mark: string): Shortened {
  if (Object.keys(places).length === 0) return { body, whole: json => Buffer.from(json) }
  const values = valuesAt(body, places)
  return {
    body: joined(() => withTexts(body, values, mark)),
    whole: json => {
      const answer = Buffer.from(json)
      return joined(() => withValues(answer, { body, values, mark }))
    },
  }
}

function* withTexts(body: Buffer, values: readonly Value[], mark: string): Generator<Piece> {
  let from = 0
  for (const [nth, { start, end, deepest }] of values.entries()) {
    const text = Buffer.from(`"${deepest <= limits.webhookDepth.value ? mark + nth : tooDeep}"`)
    yield { of: body, start: from, end: start }
    yield { of: text, start: 0, end: text.length }
    from = end
  }
  yield { of: body, start: from, end: body.length }
}

interface Source {
  readonly body: Buffer
  readonly values: readonly Value[]
  readonly mark: string
}

function* withValues(answer: Buffer, { body, values, mark }: Source): Generator<Piece> {
  const beginning = Buffer.from(`"${mark}`)
  let from = 0
  for (let at = answer.indexOf(beginning); at !== -1; at = answer.indexOf(beginning, at + 1)) {
    const digits = at + beginning.length
    const end = answer.indexOf('"', digits)
    const value = values[Number(answer.toString('latin1', digits, end))]
    if (!value) continue // a text that quotes it
    yield { of: answer, start: from, end: at }
    yield { of: body, ...value }
    from = end + 1
  }
  yield { of: answer, start: from, end: answer.length }
}
