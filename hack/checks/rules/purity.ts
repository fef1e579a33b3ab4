// What pure code may not do — core

/** Not read for globals: comments, and texts in quotes. */
const commentOrText = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

/** What pure code may not do, as it is reported. */
const impurities: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['waits', /\basync\b|\bawait\b|\bnew Promise\b/],
  ['reads the clock', /\bnew Date\(\)|\bDate\.now\b|\bperformance\.|\bclock\.(?:now|elapsed)\(/],
  ['sets a timer', /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\(|\bclock\.(?:after|soon)\(/],
  ['rolls dice', /\bMath\.random\b|\bcrypto\.(?:randomUUID|getRandomValues)\b/],
  ['knows its process', /(?<![.\w])process\.|\bglobalThis\b/],
  ['sends requests', /(?<![.\w])fetch\(/],
  ['logs', /(?<![.\w])console\.|\blog\.(?:error|warn|info|debug)\(/],
]

export function impuritiesOf(text: string): string[] {
  const code = text.replace(commentOrText, '')
  return impurities.flatMap(([what, pattern]) => (pattern.test(code) ? [what] : []))
}

/** What pure code may take from Node: the same input gives the same output. */
const pureBuiltins: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': [
    'createHash',
    'createHmac',
    'createPrivateKey',
    'createPublicKey',
    'X509Certificate',
    'timingSafeEqual',
    'KeyObject',
  ],
  'node:zlib': ['gzipSync', 'gunzipSync'],
  'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'],
}

/** Packages of others that only compute; any other may do anything. */
const purePackages = new Set(['croner', 'js-yaml', 'typebox', 'yaml', '@peculiar/asn1-schema', '@peculiar/asn1-x509'])

/** Why pure code may not import that, if it may not. */
export function impureImport(from: string, names: readonly string[]): string | undefined {
  if (/^(?:\.|@k0smotron-ts\/)/.test(from)) return undefined
  if (!from.startsWith('node:')) return purePackages.has(from) ? undefined : `core may not import ${from}`
  const impure = names.filter(name => name !== 'type' && !pureBuiltins[from]?.includes(name))
  return impure.length > 0 ? `core may not take ${impure.join(', ')} from Node` : undefined
}
