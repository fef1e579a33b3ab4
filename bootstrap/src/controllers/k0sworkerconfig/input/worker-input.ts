// From the spec and the owner to what user data is rendered from — core
import { dataSecret } from '@k0smotron-ts/api'
import type { K0sSource, WorkerInput } from '../../../cloudinit/types.ts'
import { commandsOf } from '../../../cloudinit/user-command.ts'
import type { Observed } from '../observed.ts'
import { faultOf } from './faults.ts'
import { installerURL, isInstallerURL, k0sVersionOf, versionTextOf } from './k0s-version.ts'
import type { Part } from './parts.ts'
import { argumentsOf, foldersOf } from './settings.ts'

/** All but the join token, which is made for it, and the files, which are read for it. */
export type Worker = Omit<WorkerInput, 'joinToken' | 'files'>

/** The worker that the spec means; or what in it cannot be meant, named by its field. */
export function workerOf(observed: Observed): Part<Worker> {
  const { spec } = observed.config
  const source = sourceOf(observed)
  const args = argumentsOf(observed)
  if (typeof source === 'string') return invalid(source)
  if ('fault' in args) return invalid(`spec.args[${args.fault.index}] ${args.fault.message}`)
  const fault = faultOf(observed, args)
  if (fault !== undefined) return invalid(fault)
  return {
    source,
    ...foldersOf(spec),
    args: args.words,
    before: commandsOf('spec.preK0sCommands', spec.preK0sCommands),
    after: commandsOf('spec.postK0sCommands', spec.postK0sCommands),
  }
}

function invalid(message: string): Part<never> {
  return { reason: dataSecret.dataSecretReason.invalidSpec, message }
}

/** Where k0s comes from, or why that cannot be said. Without a version the installer would take the newest, whatever the cluster runs. */
function sourceOf(observed: Observed): K0sSource | string {
  const { preInstalledK0s, downloadURL = '' } = observed.config.spec
  if (preInstalledK0s) return { kind: 'installed' }
  if (isInstallerURL(downloadURL)) {
    const text = versionTextOf(observed)
    const version = k0sVersionOf(observed)
    if (version !== undefined) return { kind: 'script', url: installerURL, version }
    return text === ''
      ? 'there is no version to install: set spec.version here or on the owner'
      : `${JSON.stringify(text)} is not a version of k0s such as v1.36.3+k0s.1; see spec.version of this object and of its owner`
  }
  const blob = 'oci://'
  return downloadURL.startsWith(blob)
    ? { kind: 'blob', reference: downloadURL.slice(blob.length) }
    : { kind: 'binary', url: downloadURL }
}
