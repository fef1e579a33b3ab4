// What a system's own files say about a host name: `/etc/hosts` and `/etc/resolv.conf` — core
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

/** Addresses of the name in a hosts file; where there are any, nobody else is asked. */
export function addressesIn(hosts: string, name: string): readonly LookupAddress[] {
  const wanted = withoutDot(name).toLowerCase()
  return linesOf(hosts).flatMap(([address = '', ...names]) => {
    const family = isIP(address)
    return family !== 0 && names.some(one => one.toLowerCase() === wanted) ? [{ address, family }] : []
  })
}

/** What the DNS is asked for, in this order: short names are looked for in the search domains first. */
export function namesToAsk(resolvConf: string, name: string): readonly string[] {
  if (name.endsWith('.')) return [withoutDot(name)]
  const { search, ndots } = settingsOf(resolvConf)
  const searched = search.map(domain => [name, withoutDot(domain)].filter(part => part !== '').join('.'))
  const dots = name.split('.').length - 1
  return [...new Set(dots >= ndots ? [name, ...searched] : [...searched, name])]
}

const maxNdots = 15

/** Of several lines of one kind the last counts, as for the C library. */
function settingsOf(resolvConf: string): { readonly search: readonly string[]; readonly ndots: number } {
  const lines = linesOf(resolvConf)
  const [, ...search] = lines.findLast(([key]) => key === 'search' || key === 'domain') ?? []
  const options = lines.flatMap(([key, ...values]) => (key === 'options' ? values : []))
  const ndots = options.findLast(option => /^ndots:\d+$/.test(option))?.slice('ndots:'.length)
  return { search, ndots: Math.min(Number(ndots ?? 1), maxNdots) }
}

/** The words of each line, without comments. */
function linesOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map(line =>
    line
      .replace(/[#;].*/, '')
      .split(/\s+/)
      .filter(Boolean),
  )
}

const withoutDot = (name: string): string => name.replace(/\.$/, '')
