// Tests start only programs that are declared, also those beside the product's sources, which cannot import this folder — shell
import child_process from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import * as declared from './start.ts'

// not execFile: through it the product starts what kubeconfigs of users name
child_process.spawn = declared.spawn
child_process.spawnSync = declared.spawnSync
child_process.execFileSync = declared.execFileSync
syncBuiltinESMExports()
