// The program of the control plane provider — shell
import { runProvider } from '@k0smotron-ts/runtime/shell'
import { controlPlaneProvider } from './provider.ts'

await runProvider(controlPlaneProvider, {
  argv: process.argv.slice(2),
  env: process.env,
  print: text => process.stderr.write(text),
})
