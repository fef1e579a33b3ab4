// From the bytes of a review to those of its answer — core
import { parseJson } from '../../client/body/json.ts'
import { limits } from '../../limits.ts'
import type { Reviewer } from '../types.ts'
import { shortened } from './handed-on.ts'

/** `mark`: what nobody can have written into the review. Throws for what is no review, or too much of one. */
export function answerTo(review: Buffer, { answer, handedOn = {} }: Reviewer, mark: string): Buffer {
  const { body, whole } = shortened(review, handedOn, mark)
  return whole(JSON.stringify(answer(parseJson(body, limits.webhookValues.value))))
}
