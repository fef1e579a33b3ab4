// What is made of the body of an answer, within bounds — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { apiVersionOf } from '@k0smotron-ts/api'
import { limits } from '../../limits.ts'
import type { TransportResponse } from '../transport/transport.ts'
import type { PageEnd, PageReader } from '../types.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import type { Bounds } from './bounds.ts'
import { ItemScanner } from './item-scanner.ts'
import { AnswerError, nameIn, parseJson } from './json.ts'
import { listPosition, requireIdentity, requireMetadata } from './shape.ts'

type Body = TransportResponse['body']

/** A short text; empty when it is longer than anybody reads. A body that ends early throws. */
export async function readText(body: Body): Promise<string> {
  const text = new BoundedBuffer(limits.textBytes.value)
  for await (const chunk of body) {
    text.add(chunk)
    if (text.isOver) return ''
  }
  return text.view().toString('utf8')
}

/** One object. */
export async function readObject<T>(body: Body, { objectBytes, objectValues, room }: Bounds): Promise<T> {
  const object = new BoundedBuffer(objectBytes, room)
  try {
    for await (const chunk of body) {
      object.add(chunk)
      if (object.isOver) throw new AnswerError('large', `${object.seen} bytes or more`)
    }
    return requireMetadata(parseJson<T>(object.view(), objectValues))
  } finally {
    object.clear()
  }
}

interface PageOptions<T extends KubeObject> {
  readonly maxBytes: number
  readonly reader: PageReader<T>
  readonly bounds: Bounds
}

/** One page of a list, told object by object while it comes. */
export async function readPage<T extends KubeObject>(
  body: Body,
  type: ResourceType<T>,
  { maxBytes, reader, bounds }: PageOptions<T>,
): Promise<PageEnd> {
  // The server leaves apiVersion and kind out of the items of a list.
  const head = { apiVersion: apiVersionOf(type), kind: type.kind }
  const scanner = new ItemScanner(bounds)
  let bytes = 0
  let objects = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      for (const item of scanner.push(chunk)) {
        objects++
        const object = objectOf<T>(item, reader, bounds)
        if (object !== undefined) reader.object({ ...head, ...requireIdentity(object) })
        await bounds.spent?.({ objects: 1 })
      }
      if (bytes > Math.min(maxBytes, bounds.skippedBytes)) return { kind: 'cut', objects }
      await bounds.spent?.({ bytes: chunk.length, marks: scanner.takeMarks() })
    }
  } finally {
    scanner.close()
  }
  return { kind: 'whole', bytes, ...listPosition(scanner.end()) }
}

/** The object in these bytes; one that is too large is told, and the others go on. */
export function objectOf<T>(
  bytes: BoundedBuffer,
  { leftOut }: Pick<PageReader<never>, 'leftOut'>,
  { objectValues }: Bounds,
): T | undefined {
  try {
    if (bytes.isOver) throw new AnswerError('large', `${bytes.seen} bytes`)
    return parseJson<T>(bytes.view(), objectValues)
  } catch (error) {
    if (!(error instanceof AnswerError) || error.problem !== 'large') throw error
    const name = nameIn(bytes.view())
    leftOut({ why: error.message, ...(name === undefined ? {} : { name }) })
    return undefined
  }
}
