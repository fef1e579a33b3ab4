// User name, password and database in a data source, as the libraries read it that k0s has — core

interface Parts {
  readonly authority: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

/** What follows the scheme of a URL. */
function partsOf(rest: string): Parts {
  const [, authority = '', path = '', query = '', fragment = ''] =
    /^([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(rest) ?? []
  return { authority, path, query, fragment }
}

const allowed = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})*$/i

/**
 * Whether user name and password end where their writer meant it. Where a `/`, `?` or `#` of a password ends them, Go takes the
 * first half of it for a port and quotes it, or asks a host of that name; an `@` behind them tells.
 */
export function isUserInfoEscaped(text: string): boolean {
  const { authority, path, query, fragment } = partsOf(afterScheme(text))
  const [name = ''] = query.split('=', 1)
  if (`${path}${name}${fragment}`.includes('@')) return false
  const end = authority.lastIndexOf('@')
  if (end >= 0) return allowed.test(authority.slice(0, end))
  return !query.includes('@') || /^(?:[^:]*|.*:\d*)$/s.test(authority)
}

/** As they are written. Of a text that is read in another way than it was meant, all that may be one. */
export function passwordsIn(text: string): readonly string[] {
  const rest = afterScheme(text)
  if (!text.startsWith('postgres:')) return [passwordOf(upToLastAt(rest.slice(0, lastSlash(rest))))]
  const { authority, query } = partsOf(rest)
  const ofQuery = [...query.matchAll(/[?&][^=&]*passw[^=&]*=([^&]*)/gi)].map(([, value = '']) => value)
  return [passwordOf(upToLastAt(isUserInfoEscaped(text) ? authority : rest)), ...ofQuery]
}

/** Kind and name. kine takes `kubernetes` where there is none. */
export function databaseIn(text: string): string {
  const rest = afterScheme(text)
  if (!text.startsWith('postgres:')) {
    const [name = ''] = rest.slice(lastSlash(rest) + 1).split('?', 1)
    return `mysql ${unescaped(name) || 'kubernetes'}`
  }
  const { path, query } = partsOf(rest)
  const options = new URLSearchParams(query)
  const named = options.get('database') ?? options.get('dbname') ?? unescaped(path.slice(1))
  return `postgres ${named || 'kubernetes'}`
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function passwordOf(userInfo: string): string {
  const [user = ''] = userInfo.split(':', 1)
  return userInfo.slice(user.length + 1)
}

function upToLastAt(text: string): string {
  return text.slice(0, Math.max(text.lastIndexOf('@'), 0))
}

/** MySQL's library reads the name of the database behind it. */
function lastSlash(rest: string): number {
  const at = rest.lastIndexOf('/')
  return at < 0 ? rest.length : at
}

export function afterScheme(text: string): string {
  return text.slice(text.indexOf('://') + 3)
}
