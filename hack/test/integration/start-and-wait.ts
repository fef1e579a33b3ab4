// Starts an environment, prints its folder and waits to be killed — shell
import { startTestEnv } from '../../testenv/index.ts'

const env = await startTestEnv({ controllerManager: true })
process.stdout.write(`${env.dir}\n`)
