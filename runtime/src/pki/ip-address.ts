// IP addresses in one spelling — core

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`)
const ipv6Alphabet = /^[0-9a-f:.]*:[0-9a-f:.]*$/i

/** The address as RFC 5952 writes it (`fd00::1`, not `FD00:0:0:0:0:0:0:1`), so that two spellings compare equal; else nothing. */
export function canonicalIp(text: string): string | undefined {
  if (ipv4.test(text)) return text
  if (!ipv6Alphabet.test(text)) return undefined
  const url = `http://[${text}]/`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined
}
