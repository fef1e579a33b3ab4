// `node hack/convert/main.ts FILE…`: manifests in the stored version on standard output, or in place with --write — shell
import { readFile, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { convertManifests, ManifestError } from './convert.ts'

const usage = `usage: node hack/convert/main.ts [--write] FILE…   FILE is - for standard input
`

const read = (file: string): Promise<string> => (file === '-' ? text(process.stdin) : readFile(file, 'utf8'))

const args = process.argv.slice(2)
const isInPlace = args.includes('--write')
const files = args.filter(arg => arg !== '--write')

if (files.length === 0 || files.some(file => file.startsWith('--'))) {
  process.stderr.write(usage)
  process.exitCode = 2
} else for (const file of files) await convert(file)

/** Fields that have no effect are named on standard error; they do not count as a failure, as with kubectl. */
async function convert(file: string): Promise<void> {
  try {
    const { text: converted, strays } = convertManifests(await read(file))
    for (const { line, message } of strays) process.stderr.write(`${file}:${line}: ${message}\n`)
    if (isInPlace && file !== '-') await writeFile(file, converted)
    else process.stdout.write(converted)
  } catch (error) {
    const line = error instanceof ManifestError ? `:${error.line}` : ''
    process.stderr.write(`${file}${line}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
