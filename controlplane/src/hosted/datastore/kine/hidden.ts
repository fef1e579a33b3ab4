// What nobody may read of a data source who may not read Secrets — core
import { afterScheme, passwordsIn } from './user-info.ts'

/** The data source, and its parts that are secret, in the forms in which programs quote them. */
export function quotesOf(text: string): readonly string[] {
  const parts = [afterScheme(text), ...passwordsIn(text).flatMap(one => [one, decoded(one)])]
  // a password of three letters is in many words; behind a `:` it is found anyway
  const secret = [text, ...parts.filter(({ length }) => length > 3)]
  return [...new Set(secret.flatMap(one => [one, JSON.stringify(one).slice(1, -1)]))]
}

const run = 4

/**
 * Whether words still have a part of a password after all known forms were hidden: programs cut it, and quote it any number of times.
 * Rather too often than too seldom: the log of the pod has the words.
 */
export function isPasswordIn(words: string, text: string): boolean {
  const said = formsOf(words)
  const wanted = passwordsIn(text).flatMap(formsOf).flatMap(tellingParts)
  return wanted.some(part => said.some(form => form.includes(part)))
}

function tellingParts(password: string): readonly string[] {
  if (password === '') return []
  const runs = Array.from({ length: Math.max(password.length - run + 1, 0) }, (_, at) => password.slice(at, at + run))
  return [`:${password}`, ...runs]
}

/** Without what quoting adds, with and without escapes of a URL. */
function formsOf(text: string): readonly string[] {
  const bare = unquoted(text)
  return [bare, unquoted(decoded(text)), unquoted(decoded(bare))]
}

function unquoted(text: string): string {
  return text.replaceAll(/[\\"'`]/g, '').toLowerCase()
}

/** Each escape that is one: what a program quotes may be cut anywhere. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, escapes =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}
