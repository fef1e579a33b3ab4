// Which addresses everybody who is given an endpoint reads alike — core
import { isIPv4, isIPv6 } from 'node:net'

/** No letter of a host name, and yet resolvers and certificate checks take the underscore everywhere. */
const label = /^[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?$/
/** URL parsers of browsers and of Node take such a last label for a part of an IPv4 address; those of Go do not. */
const number = /^([0-9]+|0[xX][0-9A-Fa-f]*)$/
const maxNameLength = 253

/**
 * Why the text is no host that every client reads alike; `undefined` when it is one. Clients in Go, kubelet and kubectl
 * among them, and clients in JavaScript must dial the same: `010.0.0.1` is a name to the ones and 8.0.0.1 to the others.
 */
export function faultOfHost(host: string): string | undefined {
  if (isIPv4(host) || (isIPv6(host) && !host.includes('%'))) return undefined
  if (host.includes('://')) return 'it is a URL'
  if (host.startsWith('[')) return 'it has brackets'
  if (/^[^:]*:[0-9]+$/.test(host)) return 'it has a port'
  return host.includes(':') ? 'it is no IPv6 address' : faultOfName(host)
}

function faultOfName(host: string): string | undefined {
  const name = withoutRootDot(host)
  const labels = name.split('.')
  if (number.test(labels.at(-1) ?? '')) return 'it ends in a number and is no IPv4 address'
  if (name.length > maxNameLength) return `it has more than ${maxNameLength} characters`
  return labels.every(one => label.test(one))
    ? undefined
    : 'it is no DNS name: parts of 1 to 63 letters, digits, hyphens and underscores, with one dot between two'
}

/** `lb.example.org.` is the same name as without the dot: certificates and TLS greetings have none. */
export function withoutRootDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}
