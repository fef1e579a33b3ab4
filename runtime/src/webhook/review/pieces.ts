// Bytes put together from pieces of others — core

export interface Piece {
  readonly of: Buffer
  readonly start: number
  readonly end: number
}

/** Asks for the pieces twice: many thousand that are kept, each a Buffer, take many times what is in them. */
export function joined(pieces: () => Iterable<Piece>): Buffer {
  let size = 0
  for (const { start, end } of pieces()) size += end - start
  const made = Buffer.allocUnsafe(size)
  let at = 0
  for (const { of, start, end } of pieces()) at += of.copy(made, at, start, end)
  return made
}
