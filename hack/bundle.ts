// `make build`: the managers as a release ships them — shell
import { relative } from 'node:path'
import { bundleManagers, bundlePath, providerNames } from './manager-bundle.ts'

await bundleManagers()
for (const provider of providerNames) console.log(relative(process.cwd(), bundlePath(provider)))
