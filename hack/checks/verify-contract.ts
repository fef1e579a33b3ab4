// Fails when docs/contract.md names what is not there, or code names what is not in it — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contractFaults } from './rules/contract.ts'
import { report, root, sources } from './sources.ts'

const page = await readFile(join(root, 'docs', 'contract.md'), 'utf8')
const code = (await sources()).filter(({ path }) => !path.startsWith('hack/checks/rules/contract.'))
report('Rules of Cluster API that lead nowhere', contractFaults(page, code))
