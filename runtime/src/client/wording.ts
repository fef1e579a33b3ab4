// What of a refusal's text may be shown — core
import { limits } from '../limits.ts'
import type { ApiErrorReason, StatusCause } from './api-error.ts'

export interface Wording {
  readonly message: string
  readonly causes: readonly StatusCause[]
}

/** A text that is the same each time, and that quotes nothing out of a Secret. */
export function wordingOf(reason: ApiErrorReason, path: string, { message, causes }: Wording): Wording {
  if (!mayQuoteSecret(reason, path)) return { message: stableText(message), causes }
  return { message: fieldsOnly(reason, causes), causes: causes.map(withoutMessage) }
}

/** Validation and decoding errors quote the value that they dislike. */
function mayQuoteSecret(reason: ApiErrorReason, path: string): boolean {
  const quoting: readonly ApiErrorReason[] = ['Invalid', 'BadRequest', 'Internal', 'Unknown']
  return quoting.includes(reason) && /\/secrets(\/|\?|$)/.test(path)
}

function fieldsOnly(reason: ApiErrorReason, causes: readonly StatusCause[]): string {
  const fields = causes.flatMap(({ field }) => field ?? [])
  return `the Secret was refused (${reason}${fields.length > 0 ? `: ${fields.join(', ')}` : ''})`
}

const withoutMessage = ({ message: _quoted, ...rest }: StatusCause): StatusCause => rest

const maxMessageLength = limits.refusalCharacters.value

/** Drops what differs each time (source ports, Go pointers): a condition that changed each time would wake us each time. */
function stableText(message: string): string {
  return message
    .replaceAll(/(\[[0-9a-f:]+\]|\d+(?:\.\d+){3}):\d+->/gi, '')
    .replaceAll(/\b0x[0-9a-f]{6,}\b/g, '0x…')
    .slice(0, maxMessageLength)
}
