// Splits text into words as a shell does, without expanding anything — core

const blank = /\s/

/**
 * The words of the text: blanks separate, quotes and backslashes group as in POSIX shells. `$`, backticks, `*` and `~`
 * mean themselves. `undefined` when a quote is not closed.
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (blank.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
      continue
    }
    const part = partAt(text, at)
    if (!part) return undefined
    word = (word ?? '') + part.text
    at = part.end
  }
  return word === undefined ? words : [...words, word]
}

/** Text that means itself, or the inside of double quotes, where only a backslash makes it so. */
const literal = /\\[\s\S]|'[^']*'|"((?:\\[\s\S]|[^"\\])*)"/g

/** Whether a shell would put something else in the place of a part: a variable, the output of a command. */
export function hasExpansion(text: string): boolean {
  const open = text.replaceAll(literal, (_, quoted: string | undefined) => (quoted ?? '').replaceAll(/\\[\s\S]/g, ''))
  return /`|\$[({\w]/.test(open)
}

interface Part {
  readonly text: string
  readonly end: number
}

function partAt(text: string, at: number): Part | undefined {
  const char = text.charAt(at)
  if (char === "'") return singleQuoted(text, at + 1)
  if (char === '"') return doubleQuoted(text, at + 1)
  if (char !== '\\') return { text: char, end: at + 1 }
  return at + 1 < text.length ? { text: text.charAt(at + 1), end: at + 2 } : undefined
}

function singleQuoted(text: string, start: number): Part | undefined {
  const end = text.indexOf("'", start)
  return end < 0 ? undefined : { text: text.slice(start, end), end: end + 1 }
}

/** Within double quotes a backslash escapes only these; before anything else it means itself. */
const escapable = '\\"$`'

function doubleQuoted(text: string, start: number): Part | undefined {
  let found = ''
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '"') return { text: found, end: at + 1 }
    const next = text.charAt(at + 1)
    const isEscape = char === '\\' && next !== '' && escapable.includes(next)
    found += isEscape ? next : char
    if (isEscape) at += 1
  }
  return undefined
}
