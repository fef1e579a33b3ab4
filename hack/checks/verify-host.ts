// Fails when something of this machine is used that only some machines have — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hostPrograms } from '../programs/declared.ts'
import { hostPaths } from './rules/host-paths.ts'
import { programsOfScript } from './rules/script-programs.ts'
import { filesOf, report, root, sources } from './sources.ts'

const files = (await sources()).filter(({ path }) => /^(hack|e2e)\//.test(path) && !path.includes('host-paths'))
report(
  'Programs and libraries of this machine named by their path',
  files.flatMap(({ path, text }) => hostPaths(path, text)),
)

const scripts = await filesOf('*.sh')
const undeclared = await Promise.all(
  scripts.map(async path => {
    const programs = programsOfScript(await readFile(join(root, path), 'utf8'))
    return programs.filter(name => !(name in hostPrograms)).map(name => `${path}: ${name}`)
  }),
)
report('Programs in scripts that hack/programs/declared.ts does not name', undeclared.flat())
