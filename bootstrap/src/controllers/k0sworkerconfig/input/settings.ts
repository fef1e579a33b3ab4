// The arguments and folders that a spec means — core
import { shortened } from '@k0smotron-ts/api'
import type { WorkerInput } from '../../../cloudinit/types.ts'
import { type Arguments, type ArgumentsFault, workerArguments } from '../../../cloudinit/worker-arguments.ts'
import type { Observed } from '../observed.ts'

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

export function foldersOf({
  k0sInstallDir,
  workingDir,
}: Observed['config']['spec']): Pick<WorkerInput, 'installDir' | 'workingDir'> {
  return { installDir: withoutSlash(k0sInstallDir || '/usr/local/bin'), workingDir: withoutSlash(workingDir || '/etc') }
}

function withoutSlash(folder: string): string {
  return folder.replace(/\/+$/, '')
}
