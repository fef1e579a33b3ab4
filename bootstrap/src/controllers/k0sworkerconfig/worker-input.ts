// From the spec and the owner to what user data is rendered from — core
import { shortened } from '@k0smotron-ts/api'
import type { File, K0sSource, UserCommand, WorkerInput } from '../../cloudinit/types.ts'
import { type Arguments, workerArguments } from '../../cloudinit/worker-arguments.ts'
import { k0sVersionOf } from './k0s-version.ts'
import type { Observed } from './observed.ts'

type Spec = Observed['config']['spec']

const installerURL = 'https://get.k0s.sh'

/** Of a snapshot that the gate let through. */
export function workerInput(observed: Observed, joinToken: string): WorkerInput {
  const { spec } = observed.config
  const args = argumentsOf(observed)
  return {
    source: sourceOf(observed),
    ...foldersOf(spec),
    joinToken,
    args: 'words' in args ? args.words : [],
    files: filesOf(observed),
    before: commandsOf('spec.preK0sCommands', spec.preK0sCommands),
    after: commandsOf('spec.postK0sCommands', spec.postK0sCommands),
  }
}

/** The members of a pool share their data, so neither a name nor a label in it can be one machine's (W-24). */
export function argumentsOf({ config, machine }: Observed): Arguments {
  const { useSystemHostname, args = [] } = config.spec
  const name = machine?.metadata.name
  const identity = {
    ...(name !== undefined && { machineName: shortened(name) }),
    ...(name !== undefined && !useSystemHostname && { nodeName: name }),
  }
  return workerArguments(identity, args)
}

/** Of a node's name: it is a label's value, on `kubernetes.io/hostname`. */
export const longestNodeName = 63

/** Whether a cloud controller will set the node up: it sets the provider ID, and takes taints of its own away. */
export function isOfCloudController(observed: Observed): boolean {
  const args = argumentsOf(observed)
  if ('problem' in args) return false
  const flag = args.words.findLast(word => /^--enable-cloud-provider(=|$)/.test(word))
  return (
    (flag !== undefined && /^--enable-cloud-provider(=(1|t|T|TRUE|true|True))?$/.test(flag)) ||
    /(^| )--cloud-provider[= ]external( |$)/.test(args.kubelet.join(' '))
  )
}

export function sourceOf(observed: Observed): K0sSource {
  const { preInstalledK0s, downloadURL = '' } = observed.config.spec
  if (preInstalledK0s) return { kind: 'installed' }
  if (downloadURL === '' || downloadURL.replace(/\/$/, '') === installerURL) {
    return { kind: 'script', url: installerURL, version: k0sVersionOf(observed) ?? '' }
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

function filesOf({ config, contents }: Observed): File[] {
  return (config.spec.files ?? []).map(({ path, content = '', contentFrom, permissions }, index) => {
    const found = contents[index]
    const bytes = found && 'bytes' in found ? found.bytes : ''
    return { path, content: contentFrom ? bytes : content, permissions: permissions || '0644' }
  })
}

function commandsOf(field: string, texts: readonly string[] = []): UserCommand[] {
  return texts.map((text, index) => ({ field: `${field}[${index}]`, text }))
}
