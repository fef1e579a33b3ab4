// What of a log line's fields is printed — core
import { printedError } from './printed-error.ts'

/** Deeper than any object that is worth a line; it also ends what goes round in a circle. */
const deepest = 8

/** Names, or the ends of names, under which objects, kubeconfigs and requests carry what must not be in a log. */
const secretNames =
  /(token|tokens|password|passphrase|authorization|cookie|key|keydata|kubeconfig|bearer|clientsecret)$|^(data|stringdata|binarydata|value)$/

const mask = '[secret]'

/** A copy in which every field whose name can mean a secret is `[secret]`, at any depth and in any spelling. */
export function masked(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      // by this name anything may have been thrown, and text too is said
      name === 'error' ? printedError(value) : printed(name, value, 0),
    ]),
  )
}

function printed(name: string, value: unknown, depth: number): unknown {
  return isSecretName(name) && value !== undefined && value !== null ? mask : shown(value, depth)
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === deepest) return '[too deep]'
  if (value instanceof Error) return printedError(value)
  if ('toJSON' in value && typeof value.toJSON === 'function') return shown(value.toJSON(), depth + 1)
  if (Array.isArray(value)) return value.map(entry => shown(entry, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, printed(name, part, depth + 1)]))
}

/** `client-key-data`, `clientKeyData` and `CLIENT_KEY_DATA` are one name. */
function isSecretName(name: string): boolean {
  return secretNames.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
}
