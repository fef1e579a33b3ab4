// Words that have a better one, and ids that nobody can look up — core

export interface Banned {
  readonly say: string
  /** In lower case; several words follow each other, `hostedCluster` as a name and `hosted cluster` in a sentence. */
  readonly words: readonly string[]
  /** `most…`: names that begin so. */
  readonly isPrefix: boolean
  /** Natural in a sentence; as a name it is private. */
  readonly onlyNames: boolean
}

export interface Text {
  readonly path: string
  readonly text: string
}

/** The table of words in CONTRIBUTING.md: `| say | for | never | not as a name |`. */
const row = /^\|([^|]+)\|[^|]*\|([^|]*)\|([^|]*)\|$/gm

export function bannedWords(page: string): readonly Banned[] {
  const [, section = ''] = /^## Words\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(page) ?? []
  return [...section.matchAll(row)].flatMap(([, say = '', never = '', names = '']) => [
    ...entriesOf(never).map(entry => ({ say: say.trim(), ...entry, onlyNames: false })),
    ...entriesOf(names).map(entry => ({ say: say.trim(), ...entry, onlyNames: true })),
  ])
}

function entriesOf(cell: string): Pick<Banned, 'words' | 'isPrefix'>[] {
  const entries = [...cell.matchAll(/`([^`]+)`/g)].map(([, entry = '']) => entry)
  return entries.map(entry => ({ words: wordsOf(entry), isPrefix: entry.endsWith('…') }))
}

/** `isPaused` → is, paused. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map(word => word.toLowerCase())
}

const commentOrText =
  /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

interface Found {
  readonly index: number
  readonly found: string
  readonly say: string
}

/** As `path:line: what`. Names are looked at in TypeScript outside of tests: other languages have names of others. */
export function wordFaults(source: Text, banned: readonly Banned[], isTest: boolean): string[] {
  const { path, text } = source
  const named = path.endsWith('.ts') && !isTest ? namesIn(text, banned) : []
  const said = banned.filter(({ onlyNames }) => !onlyNames).flatMap(one => sentencesIn(text, one))
  return [...named, ...said].map(({ index, found, say }) => `${path}:${lineAt(text, index)}: ${found}; say ${say}`)
}

function namesIn(text: string, banned: readonly Banned[]): readonly Found[] {
  const code = text.replace(commentOrText, part => part.replace(/[^\n]/g, ' '))
  return [...code.matchAll(/[A-Za-z_$][\w$]*/g)].flatMap(({ 0: name, index }) => {
    const one = banned.find(entry => isIn(wordsOf(name), entry))
    return one ? [{ index, found: name, say: one.say }] : []
  })
}

function isIn(words: readonly string[], { words: sought, isPrefix }: Banned): boolean {
  const startsAt = (start: number): boolean => sought.every((word, i) => words[start + i] === word)
  return isPrefix ? startsAt(0) : words.some((_, start) => startsAt(start))
}

/** Also where a line breaks between the words, in a comment too. */
function sentencesIn(text: string, { words, say }: Banned): readonly Found[] {
  const pattern = new RegExp(`\\b${words.join('[\\s/*#]+')}s?\\b`, 'gi')
  return [...text.matchAll(pattern)].map(({ index }) => ({ index, found: words.join(' '), say }))
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** What is no more than a number, or a page, to whoever has only this repository. */
const privateId = /\b(?:CT-[A-Z]\d\d|W-\d{1,2}|[DHLMNS]\d{1,2}|case \d{1,2}(?!\d*:)|design\.md|aesthetics)\b/g
const record = /\bADR (\d+)\b/g

/** Ids that lead nowhere; records of decisions are looked up in `files`. */
export function idFaults({ path, text }: Text, files: readonly string[]): string[] {
  const ids = [...text.matchAll(privateId)].map(found => ({ index: found.index, id: found[0] }))
  const records = [...text.matchAll(record)].flatMap(({ index, 0: id, 1: number = '' }) =>
    files.some(file => file.startsWith(`docs/adr/${number.padStart(4, '0')}-`)) ? [] : [{ index, id }],
  )
  return [...ids, ...records].map(({ index, id }) => `${path}:${lineAt(text, index)}: ${id} leads nowhere`)
}
