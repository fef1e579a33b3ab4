// Files of manifests, converted one by one — shell
import { isUtf8 } from 'node:buffer'
import { convertManifests } from './convert.ts'
import { ManifestError } from './manifest-error.ts'

export interface Files {
  readonly read: (file: string) => Promise<Buffer>
  readonly write: (file: string, text: string) => Promise<void>
  /** What was converted, and is not written. */
  readonly print: (text: string) => void
  /** A line for people. */
  readonly say: (line: string) => void
}

/**
 * Whether that went well. Fields that have no effect are named; they do not count as a failure, as with kubectl. A file
 * is written only when all of it was converted, and says something else then.
 */
export async function convertFile(file: string, isInPlace: boolean, files: Files): Promise<boolean> {
  try {
    const text = textIn(await files.read(file))
    const converted = convertManifests(text)
    for (const { line, message } of converted.strays) files.say(`${file}:${line}: ${message}`)
    if (!isInPlace) files.print(converted.text)
    else if (converted.text !== text) await files.write(file, converted.text)
    return true
  } catch (error) {
    const line = error instanceof ManifestError ? `:${error.line}` : ''
    files.say(`${file}${line}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

const lineFeed = 0x0a

/** A byte that is none of a character would be written back as another. */
function textIn(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let line = 1
  for (let from = 0, end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, from)) {
    if (!isUtf8(bytes.subarray(from, end))) break
    from = end + 1
    line++
  }
  throw new ManifestError(line, 'not UTF-8; nothing of the file is converted')
}
