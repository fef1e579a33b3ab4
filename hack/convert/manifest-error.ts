// Why nothing was converted, and where in the file — core

export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}
