// Text that a shell takes for one word, whatever is in it — core

/** The only place where a value becomes part of a script. */
export function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('a NUL character cannot be part of a shell word')
  return `'${word.replaceAll("'", `'\\''`)}'`
}

export function quotedWords(words: readonly string[]): string {
  return words.map(quoted).join(' ')
}
