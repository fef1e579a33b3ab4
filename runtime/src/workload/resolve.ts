// What a host name leads to, each lookup on its own — shell
import { promises as dns, type LookupAddress } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { systemClock } from '../system-clock.ts'
import { addressesIn, namesToAsk } from './name-files.ts'

/** All addresses of a name; an address is its own. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export interface ResolveDeps {
  readonly clock?: Clock
  /** The text of a file; empty when there is none. */
  readonly textOf?: (path: string) => Promise<string>
  /** DNS servers, `address:port`; absent: those of the system. */
  readonly servers?: readonly string[]
}

const lookupMs = limits.workloadLookupMilliseconds.value

/** How long one server may take at first; it is asked twice. */
const serverMs = 1_000

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/**
 * Asks as the C library does: the hosts file, then the DNS, with the search domains of resolv.conf. The C library itself
 * runs two lookups at a time for the whole process and waits for seconds: two names whose DNS is silent would stall
 * the lookups of everybody else.
 */
export function resolveApart({ clock = systemClock, textOf = readText, servers }: ResolveDeps = {}): Resolve {
  return async host => {
    const family = isIP(host)
    if (family !== 0) return [{ address: host, family }]
    const known = addressesIn(await textOf('/etc/hosts'), host)
    if (known.length > 0) return known
    const names = namesToAsk(await textOf('/etc/resolv.conf'), host)
    const resolver = new dns.Resolver({ timeout: serverMs, tries: 2 })
    if (servers) resolver.setServers(servers)
    const cancel = clock.after(lookupMs, () => resolver.cancel())
    try {
      return await firstFound(resolver, names)
    } finally {
      cancel()
    }
  }
}

async function firstFound(resolver: dns.Resolver, names: readonly string[]): Promise<readonly LookupAddress[]> {
  let failure: NodeJS.ErrnoException = failed('ENOTFOUND')
  for (const name of names) {
    const found = await addressesOf(resolver, name)
    if (Array.isArray(found)) return found
    if (silent.has(found.code ?? '')) throw failed('ETIMEOUT')
    if (!absent.has(found.code ?? '')) failure = found
  }
  throw failure
}

const absent: ReadonlySet<string> = new Set([dns.NOTFOUND, dns.NODATA])
const silent: ReadonlySet<string> = new Set([dns.TIMEOUT, dns.CANCELLED])

/** Of both families; the error when there is none. */
async function addressesOf(resolver: dns.Resolver, name: string): Promise<LookupAddress[] | NodeJS.ErrnoException> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = [...addressesIf(four, 4), ...addressesIf(six, 6)]
  if (found.length > 0) return found
  const errors = [four, six].flatMap(one => (one.status === 'rejected' ? [one.reason as NodeJS.ErrnoException] : []))
  return errors.find(({ code = '' }) => !absent.has(code)) ?? errors[0] ?? failed(dns.NODATA)
}

function addressesIf(answer: PromiseSettledResult<string[]>, family: number): LookupAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map(address => ({ address, family })) : []
}

function failed(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error('the name leads nowhere'), { code })
}
