// Fails when something of this machine is used that only some machines have — shell
import { hostPaths } from './host-paths.ts'
import { report, sources } from './sources.ts'

const files = (await sources()).filter(({ path }) => /^(hack|e2e)\//.test(path) && !path.includes('host-paths'))
report(
  'Programs and libraries of this machine named by their path',
  files.flatMap(({ path, text }) => hostPaths(path, text)),
)
