// How much of one object is taken, and of all that have not ended yet — core
import { limits } from '../../limits.ts'

/** Bytes that several share. */
export class Room {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** False: so much is not left, and nothing was taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}

/** What was read and worked off. */
export interface Spent {
  readonly bytes?: number
  readonly objects?: number
  /** Braces, brackets and commas. */
  readonly marks?: number
}

export interface Bounds {
  readonly objectBytes: number
  readonly objectValues: number
  /** Of a line, or of a page: more of it is not read. */
  readonly skippedBytes: number
  /** What of an object that has not ended goes beyond a small one's size is taken from here. */
  readonly room?: Room
  /** What it gives is waited for before more is read. */
  readonly spent?: (spent: Spent) => Promise<void> | undefined
}

/** Of an API server that is trusted: what it sends ends. */
export const trustedBounds: Bounds = {
  objectBytes: limits.objectBytes.value,
  objectValues: limits.objectValues.value,
  skippedBytes: limits.skippedBytes.value,
}

/** For all API servers together that are not. */
export function untrustedBounds(): Bounds {
  return {
    objectBytes: limits.workloadObjectBytes.value,
    objectValues: limits.workloadObjectValues.value,
    skippedBytes: limits.workloadSkippedBytes.value,
    room: new Room(limits.workloadUnfinishedBytes.value),
  }
}
