// A stream of bytes as lines — shell
import { BoundedBuffer } from './bounded-buffer.ts'
import type { Bounds } from './bounds.ts'
import { AnswerError } from './json.ts'

const lineFeed = 0x0a

/**
 * Splits at the byte `\n` and nowhere else: JSON may hold a raw U+2028, and characters may be cut between chunks. A line
 * is gone when the next one is asked for; of one that is too long only the beginning came.
 * A last line without its end was cut off: that throws, because a silent loss would look like a quiet server.
 */
export async function* lines(body: AsyncIterable<Uint8Array>, bounds: Bounds): AsyncGenerator<BoundedBuffer, void> {
  const line = new BoundedBuffer(bounds.objectBytes, bounds.room)
  try {
    yield* linesInto(line, body, bounds)
  } finally {
    line.clear()
  }
}

async function* linesInto(
  line: BoundedBuffer,
  body: AsyncIterable<Uint8Array>,
  { skippedBytes, spent }: Bounds,
): AsyncGenerator<BoundedBuffer, void> {
  for await (const chunk of body) {
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      line.add(chunk.subarray(from, end))
      yield line
      line.clear()
      from = end + 1
    }
    line.add(chunk.subarray(from))
    if (line.seen > skippedBytes) throw new AnswerError('large', 'a line that does not end')
    await spent?.({ bytes: chunk.length })
  }
  if (line.seen > 0) throw new Error('the stream ended in the middle of a line')
}
