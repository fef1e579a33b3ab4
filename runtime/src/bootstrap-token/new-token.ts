// A bootstrap token that nobody has — shell
import { randomInt } from 'node:crypto'
import type { BootstrapToken } from '@k0smotron-ts/api'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function newBootstrapToken(): BootstrapToken {
  const text = (length: number): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return { id: text(6), secret: text(16) }
}
