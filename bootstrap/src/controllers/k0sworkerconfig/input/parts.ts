// Parts of an input, each of which is there or says what it waits for — core
import type { Wait } from '@k0smotron-ts/runtime'

/** A value, or why there is none yet. */
export type Part<T> = T | Wait

export function isWait(part: unknown): part is Wait {
  return typeof part === 'object' && part !== null && 'reason' in part && 'message' in part
}

/** All of them, or the first wait among them. */
export function all<T extends object>(parts: { readonly [K in keyof T]: Part<T[K]> }): Part<T> {
  return Object.values<unknown>(parts).find(isWait) ?? (parts as T)
}
