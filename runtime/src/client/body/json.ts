// JSON from outside, measured before it is parsed — core
import { parseJsonText } from '@k0smotron-ts/api'
import { limits } from '../../limits.ts'
import { byte, JsonStructure, opens } from './json-structure.ts'

/** What cannot be taken, and why; fit for a condition. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  /** `malformed`: it did not come from an API server. `large`: more than is taken (docs/limits.md). */
  readonly problem: 'malformed' | 'large'

  constructor(problem: AnswerError['problem'], message: string) {
    super(message)
    this.problem = problem
  }
}

/** Few bytes may still be a million values: who parses them finds out too late. */
export function parseJson<T>(bytes: Buffer, maxValues: number): T {
  const { values, depth } = measure(bytes, maxValues)
  const { objectDepth } = limits
  if (values > maxValues) throw new AnswerError('large', `more than ${maxValues} values`)
  if (depth > objectDepth.value) throw new AnswerError('large', `more than ${objectDepth.value} values within values`)
  try {
    return parseJsonText(bytes.toString('utf8')) as T
  } catch {
    throw new AnswerError('malformed', 'not JSON') // without `cause`: the parser quotes what it read
  }
}

/** No further than anybody takes. */
function measure(bytes: Buffer, maxValues: number): { readonly values: number; readonly depth: number } {
  let values = 1
  let depth = 0
  let deepest = 0
  for (const at of new JsonStructure().places(bytes)) {
    if (opens(bytes[at])) deepest = Math.max(deepest, ++depth)
    else if (bytes[at] !== byte.comma) depth--
    if (bytes[at] === byte.comma || opens(bytes[at])) values++
    if (values > maxValues) break
  }
  return { values, depth: deepest }
}

/** The beginning of an object tells in most cases which one it is: kube-apiserver writes metadata first, and in it the name. */
export function nameIn(head: Buffer): string | undefined {
  const [, name, namespace] =
    /"metadata":\{"name":"([^"\\]+)"(?:,"generateName":"[^"]*")?(?:,"namespace":"([^"\\]+)")?/.exec(
      head.toString('latin1'),
    ) ?? []
  return namespace === undefined ? name : `${namespace}/${name}`
}
