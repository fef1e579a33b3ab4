// User data that makes a machine a worker — core
import { bootstrapScript } from './script.ts'
import { quoted } from './shell/shell-quote.ts'
import type { WorkerInput } from './types.ts'
import { toUserData } from './user-data.ts'
import { writeFile } from './write-file.ts'

const perBootPath = '/var/lib/cloud/scripts/per-boot/k0s-bootstrap.sh'

/** Files of ours that a user's file must not have for its path. */
export function ownPaths(workingDir: string): {
  readonly token: string
  readonly script: string
  readonly perBoot: string
} {
  return { token: `${workingDir}/k0s.token`, script: `${workingDir}/k0s-bootstrap.sh`, perBoot: perBootPath }
}

/**
 * Files first, then one command that runs one script. The same input gives the same bytes. cloud-init never runs a
 * command twice, so a script of every boot resumes what a reboot interrupted.
 */
export function renderWorker(input: WorkerInput): string {
  const { token, script, perBoot } = ownPaths(input.workingDir)
  const resume = `#!/bin/sh\nexec /bin/sh ${quoted(script)} resume\n`
  return toUserData({
    write_files: [
      { path: token, content: input.joinToken, permissions: '0600' },
      ...input.files,
      { path: script, content: bootstrapScript(input, { token }), permissions: '0700' },
      { path: perBoot, content: resume, permissions: '0700' },
    ].map(writeFile),
    runcmd: [['/bin/sh', script]],
  })
}
