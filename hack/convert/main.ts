// `node hack/convert/main.ts FILE…`: manifests in the stored version on standard output, or in place with --write — shell
import { readFile, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { convertFile, type Files } from './files.ts'

const usage = `usage: node hack/convert/main.ts [--write] FILE…   FILE is - for standard input
`

const files: Files = {
  read: file => (file === '-' ? buffer(process.stdin) : readFile(file)),
  write: (file, text) => writeFile(file, text),
  print: text => process.stdout.write(text),
  say: line => process.stderr.write(`${line}\n`),
}

const args = process.argv.slice(2)
const isInPlace = args.includes('--write')
const named = args.filter(arg => arg !== '--write')

if (named.length === 0 || named.some(file => file.startsWith('--'))) {
  process.stderr.write(usage)
  process.exitCode = 2
}
for (const file of process.exitCode === 2 ? [] : named) {
  if (!(await convertFile(file, isInPlace && file !== '-', files))) process.exitCode = 1
}
