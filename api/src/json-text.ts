// JSON from outside, read as it is written — core

/**
 * In place of `JSON.parse`, which takes a key with an escape for another one when it has read that before: after `{"\\": 1}` it reads
 * `{"\"": 1}` as the former (nodejs/node#63785; Node 24 and 26). So an object of one tenant could change what is read of all
 * others, first of all `k:{"port":443}` in managedFields. Such keys are not shown to it: each is parsed as a text of its
 * own, and a name without escapes stands for it until then. Throws a SyntaxError.
 */
export function parseJsonText(text: string): unknown {
  const { text: plain, keys, places } = withStandIns(text)
  const value: unknown = JSON.parse(plain)
  return places === 0 ? value : withKeys(value, keys, places)
}

const [backslash, quote] = [0x5c, 0x22]

interface StandIns {
  readonly text: string
  /** The key for each name that stands for one. */
  readonly keys: ReadonlyMap<string, string>
  /** How many names there are in the text. */
  readonly places: number
}

function withStandIns(text: string): StandIns {
  const names = new Map<string, string>()
  const pieces: string[] = []
  let mark: string | undefined
  let copied = 0
  for (let at = text.indexOf('\\'); at >= 0; ) {
    const end = endOfString(text, at)
    if (isKey(text, end)) {
      mark ??= unusedMark(text)
      const start = text.lastIndexOf('"', at)
      const key = text.slice(start, end + 1)
      const name = names.get(key) ?? `${mark}${names.size}`
      names.set(key, name)
      pieces.push(text.slice(copied, start + 1), name)
      copied = end
    }
    at = text.indexOf('\\', end)
  }
  const keys = new Map([...names].map(([key, name]) => [name, JSON.parse(key) as string]))
  return { text: [...pieces, text.slice(copied)].join(''), keys, places: pieces.length / 2 }
}

/** Where the quote is that ends the string; the end of the text, when nothing ends it. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) return at
  }
  return text.length
}

function isKey(text: string, end: number): boolean {
  let next = end + 1
  while (' \t\r\n'.includes(text[next] ?? ':')) next++
  return text[next] === ':'
}

/** Longer than any run of that character in the text, so that no key begins with it. */
function unusedMark(text: string): string {
  const runs = text.match(/\uE000+/g) ?? []
  return '\uE000'.repeat(runs.reduce((length, run) => Math.max(length, run.length), 0) + 1)
}

/** Goes down in the order of the text, and no further than to the last name. No recursion: values may be nested deeply. */
function withKeys(value: unknown, keys: StandIns['keys'], places: number): unknown {
  const whole = { value }
  const left: object[] = [whole]
  let missing = places
  for (let node = left.pop(); node && missing > 0; node = left.pop()) {
    for (const [key, child] of Object.entries(node).reverse()) {
      if (typeof child !== 'object' || child === null) continue
      const { object, found } = renamed(child, keys)
      missing -= found
      if (found > 0) Reflect.set(node, key, object)
      left.push(object)
    }
  }
  return whole.value
}

function renamed(object: object, keys: StandIns['keys']): { readonly object: object; readonly found: number } {
  const found = Object.keys(object).filter(name => keys.has(name)).length
  if (found === 0) return { object, found }
  const entries = Object.entries(object).map(([name, child]) => [keys.get(name) ?? name, child])
  return { object: Object.fromEntries(entries), found }
}
