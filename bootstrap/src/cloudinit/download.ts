// Getting the k0s binary onto the machine — core
import { quoted } from './shell/shell-quote.ts'
import type { WorkerInput } from './types.ts'

/** One step of the script: what is said when it fails, and its lines. */
export interface Step {
  readonly name: string
  readonly lines: readonly string[]
}

/** A connection that stalls counts as failed. `--globoff`: brackets in a URL are part of the URL. */
const fetch = 'retry curl -sSfL --globoff --connect-timeout 20 --speed-limit 1 --speed-time 60 -o'

/** Nothing that was cut off is run: what is downloaded gets its name only when it is whole. */
export function downloadSteps({ source, installDir }: WorkerInput, stateDir: string): readonly Step[] {
  const binary = `${installDir}/k0s`
  const download = `${binary}.download`
  const whole = [`chmod 0755 ${quoted(download)}`, `mv -f ${quoted(download)} ${quoted(binary)}`]
  const prepare = `mkdir -p ${quoted(installDir)}`
  switch (source.kind) {
    case 'installed':
      return []
    case 'script': {
      const installer = quoted(`${stateDir}/get-k0s.sh`)
      const environment = `K0S_VERSION=${quoted(source.version)} K0S_INSTALL_PATH=${quoted(installDir)}`
      return [
        { name: 'fetching the installer of k0s', lines: [prepare, `${fetch} ${installer} ${quoted(source.url)}`] },
        { name: 'downloading k0s', lines: [`retry env ${environment} sh ${installer}`] },
      ]
    }
    case 'binary':
      return [
        { name: 'downloading k0s', lines: [prepare, `${fetch} ${quoted(download)} ${quoted(source.url)}`, ...whole] },
      ]
    case 'blob': {
      // oras looks for its credentials in the home folder, which cloud-init does not name
      const pull = `retry env HOME="\${HOME:-/root}" oras blob fetch --output ${quoted(download)} ${quoted(source.reference)}`
      return [{ name: 'downloading k0s', lines: [prepare, pull, ...whole] }]
    }
  }
}
