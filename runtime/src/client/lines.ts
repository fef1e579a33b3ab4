// A stream of bytes as lines — core

/**
 * Splits at the byte `\n` and nowhere else: JSON may hold a raw U+2028, and characters may be cut between chunks.
 * A last line without its end was cut off: that throws, because a silent loss would look like a quiet server.
 */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest !== '') throw new Error('the stream ended in the middle of a line')
}
