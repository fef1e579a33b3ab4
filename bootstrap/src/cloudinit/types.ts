// What a worker's user data is made from — core

/** Where the k0s binary comes from. */
export type K0sSource =
  | { readonly kind: 'installed' }
  /** An installer script that heeds K0S_VERSION (`v1.36.3+k0s.1`) and K0S_INSTALL_PATH. */
  | { readonly kind: 'script'; readonly url: string; readonly version: string }
  | { readonly kind: 'binary'; readonly url: string }
  /** `host/path` of a blob, with its digest. */
  | { readonly kind: 'blob'; readonly reference: string }

/** A file whose content is known, byte for byte. */
export interface File {
  readonly path: string
  readonly content: string | Uint8Array
  /** Octal text such as `0644`. */
  readonly permissions: string
}

/** A user's shell command and where it stands in the spec: messages name the place, the text may hold a secret. */
export interface UserCommand {
  readonly field: string
  readonly text: string
  /** Its status does not matter. */
  readonly mayFail: boolean
}

/** Everything that the document depends on. */
export interface WorkerInput {
  readonly source: K0sSource
  /** The folder of the k0s binary. */
  readonly installDir: string
  /** The folder of generated files. */
  readonly workingDir: string
  /** The content of the token file. */
  readonly joinToken: string
  /** Flags of `k0s worker` as an argument vector, one word each; placeholders are filled in at boot. */
  readonly args: readonly string[]
  readonly files: readonly File[]
  readonly before: readonly UserCommand[]
  readonly after: readonly UserCommand[]
}
