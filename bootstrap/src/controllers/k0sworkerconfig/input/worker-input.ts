// From the spec and the owner to what user data is rendered from — core
import { dataSecret, shortened } from '@k0smotron-ts/api'
import type { K0sSource, WorkerInput } from '../../../cloudinit/types.ts'
import { commandsOf } from '../../../cloudinit/user-command.ts'
import { type Arguments, type ArgumentsFault, workerArguments } from '../../../cloudinit/worker-arguments.ts'
import type { Observed } from '../observed.ts'
import { faultOf } from './faults.ts'
import { installerURL, isInstallerURL, k0sVersionOf, versionTextOf } from './k0s-version.ts'
import type { Part } from './parts.ts'

type Spec = Observed['config']['spec']

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

/** The members of a pool share their data, so neither a name nor a label in it can be one machine's. */
export function argumentsOf({ config, machine }: Observed): Arguments | ArgumentsFault {
  const { useSystemHostname, args = [] } = config.spec
  const name = machine?.metadata.name
  const identity = {
    ...(name !== undefined && { machineName: shortened(name) }),
    ...(name !== undefined && !useSystemHostname && { nodeName: name }),
  }
  return workerArguments(identity, args)
}

/** Whether a cloud controller will set the node up: it sets the provider ID, and takes taints of its own away. */
export function isOfCloudController({ words, kubelet }: Arguments): boolean {
  const flag = words.findLast(word => /^--enable-cloud-provider(=|$)/.test(word))
  return (
    (flag !== undefined && /^--enable-cloud-provider(=(1|t|T|TRUE|true|True))?$/.test(flag)) ||
    /(^| )--cloud-provider[= ]external( |$)/.test(kubelet.join(' '))
  )
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

export function foldersOf({ k0sInstallDir, workingDir }: Spec): Pick<WorkerInput, 'installDir' | 'workingDir'> {
  return { installDir: withoutSlash(k0sInstallDir || '/usr/local/bin'), workingDir: withoutSlash(workingDir || '/etc') }
}

function withoutSlash(folder: string): string {
  return folder.replace(/\/+$/, '')
}
