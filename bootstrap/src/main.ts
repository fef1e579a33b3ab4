// The program of the bootstrap provider — shell
import { runProvider } from '@k0smotron-ts/runtime/shell'
import { bootstrapProvider } from './provider.ts'

await runProvider(bootstrapProvider(), {
  argv: process.argv.slice(2),
  env: process.env,
  print: text => process.stderr.write(text),
})
