// Which k0s a machine gets — core
import { parseK0sVersion, printK0sVersion } from '@k0smotron-ts/api'
import type { Observed } from '../observed.ts'

/** As it is written in the spec, else on the owner. */
export function versionTextOf({ config, machine, machinePool }: Observed): string {
  return config.spec.version || machine?.spec.version || machinePool?.spec.template.spec.version || ''
}

/** In k0s's own spelling; `undefined` for what is no version. */
export function k0sVersionOf(observed: Observed): string | undefined {
  const version = parseK0sVersion(versionTextOf(observed))
  return version && printK0sVersion(version, 'plus')
}

/** The version that the bootstrap data installs; `undefined` where k0s comes without one. */
export function installedVersionOf(observed: Observed): string | undefined {
  const { preInstalledK0s, downloadURL = '' } = observed.config.spec
  return preInstalledK0s || !isInstallerURL(downloadURL) ? undefined : k0sVersionOf(observed)
}

export const installerURL = 'https://get.k0s.sh'

/** Of the installer script; any other URL is that of a binary. */
export function isInstallerURL(downloadURL: string): boolean {
  return downloadURL === '' || downloadURL.replace(/\/$/, '') === installerURL
}
