// Which proxy a connection goes through, as HTTPS_PROXY and NO_PROXY say — core
import { BlockList, isIP, isIPv6 } from 'node:net'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Target {
  readonly protocol: string
  /** An IPv6 address is without brackets. */
  readonly hostname: string
  readonly port: string
}

/**
 * Reads the variables as Go programs do, because Cluster API's own controllers stand in the same cluster with the same
 * settings: the upper-case name first; never for localhost; an entry of NO_PROXY is `*`, an address, a range, or a domain
 * with all below it (`.domain`: only those), each perhaps with a port.
 */
export function proxyFor(target: Target, env: Environment): URL | undefined {
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const text = setting(name, env)
  if (text === '' || isExempt(target, setting('NO_PROXY', env))) return undefined
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`)
  // Its text may hold a password.
  if (!proxy) throw refused(name, 'is not a URL')
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') throw refused(name, 'is not an http or https proxy')
  return proxy
}

function setting(name: string, env: Environment): string {
  return (env[name] || env[name.toLowerCase()] || '').trim()
}

/** The code is what a condition quotes. */
function refused(name: string, why: string): Error {
  const code = `${name} ${why}`
  return Object.assign(new Error(code), { code })
}

function isExempt({ hostname, port }: Target, noProxy: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  if (host === 'localhost' || isWithin(host, '127.0.0.0/8') || isWithin(host, '::1/128')) return true
  return noProxy
    .toLowerCase()
    .split(',')
    .map(entry => entry.trim())
    .some(entry => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isWithin(host, entry)
  const { name, only } = withPort(entry)
  if (only !== undefined && only !== port) return false
  if (isIP(name) !== 0) return isIP(host) !== 0 && isWithin(host, `${name}/${isIPv6(name) ? 128 : 32}`)
  const domain = name.replace(/^\*\./, '.')
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`)
}

/** `host`, `host:port`, `::1`, `[::1]:port`. */
function withPort(entry: string): { readonly name: string; readonly only?: string } {
  if (isIPv6(entry)) return { name: entry }
  const [, name = entry, only] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry) ?? []
  return only === undefined ? { name } : { name, only }
}

function isWithin(host: string, range: string): boolean {
  const [address = '', bits = ''] = range.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const prefix = Number(bits)
  if (isIP(address) === 0 || isIP(host) === 0 || !/^\d+$/.test(bits) || prefix > (family === 'ipv6' ? 128 : 32))
    return false
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}
