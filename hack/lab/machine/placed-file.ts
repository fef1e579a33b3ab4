// A file that the lab puts into a machine — core

/** `path` is relative to the machine's root. */
export interface PlacedFile {
  readonly path: string
  readonly content: string | Uint8Array
  /** 0644 unless given. */
  readonly mode?: number
}
