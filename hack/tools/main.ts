// `node hack/tools/main.ts build [tool or file…]` and `… path FILE` — shell
import { binaries } from './binaries.ts'
import { outputsOf } from './catalogue.ts'

const usage = `usage: node hack/tools/main.ts build [NAME…]   make what is missing; a NAME is a tool or one of its files
       node hack/tools/main.ts path FILE       print where FILE is, made first if need be
`

const [command, ...names] = process.argv.slice(2)
try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const [first] = names
  if (command === 'build') await binaries(outputsOf(names))
  else if (command === 'path' && first) process.stdout.write(`${(await binaries([first]))[first]}\n`)
  else {
    process.stderr.write(usage)
    process.exitCode = 2
  }
}
