// Spec values that the schema accepts and no machine could boot with — core

import { limits } from '@k0smotron-ts/runtime'
import { ownPaths } from '../../../cloudinit/worker.ts'
import type { Arguments } from '../../../cloudinit/worker-arguments.ts'
import { joinTokenSuffix } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { foldersOf, isOfCloudController } from './settings.ts'

/** The first one, naming the field. */
export function faultOf(observed: Observed, args: Arguments): string | undefined {
  for (const check of checks) {
    const fault = check(observed, args)
    if (fault !== undefined) return fault
  }
  return undefined
}

const checks = [ofName, ofTaint, ofDownloadURL, ofFolders, ofReferences, ofPaths, ofCommands]

const maxSecretName = 253

/** Of a node's name: it is a label's value, on `kubernetes.io/hostname`. */
const maxNodeName = 63

function ofName({ config, machine }: Observed): string | undefined {
  const max = maxSecretName - joinTokenSuffix.length
  if ((config.metadata.name ?? '').length > max) {
    return `the name of this object has more than ${max} characters: the Secret of its join token cannot be named for it`
  }
  const { name = '' } = machine?.metadata ?? {}
  if (config.spec.useSystemHostname || name.length <= maxNodeName) return undefined
  return `the Machine's name has ${name.length} characters and a node's ${maxNodeName} at most; set spec.useSystemHostname`
}

const waitingTaint = 'node.cluster.x-k8s.io/uninitialized'

/** Cluster API takes the taint away when the node has its provider ID; a cloud controller that does not tolerate it never gives one. */
function ofTaint(_: Observed, args: Arguments): string | undefined {
  const isAsked = args.words.some(word => word.includes(waitingTaint))
  return isAsked && isOfCloudController(args)
    ? `spec.args has the taint ${waitingTaint} beside an external cloud provider: one would wait for the other for ever`
    : undefined
}

function ofDownloadURL({ config }: Observed): string | undefined {
  const { downloadURL = '' } = config.spec
  return downloadURL === '' || /^(https?|oci):\/\/[^\s\p{Cc}]+$/u.test(downloadURL)
    ? undefined
    : 'spec.downloadURL is not an http, https or oci URL'
}

function ofFolders({ config }: Observed): string | undefined {
  const { installDir, workingDir } = foldersOf(config.spec)
  if (!isAbsolute(installDir)) return 'spec.k0sInstallDir is not an absolute path of a folder below /'
  return isAbsolute(workingDir) ? undefined : 'spec.workingDir is not an absolute path of a folder below /'
}

function isAbsolute(path: string): boolean {
  return /^\/\P{Cc}*$/u.test(path)
}

/** Real configurations have a handful. */
const maxReferences = limits.configReferences.value

function ofReferences({ config }: Observed): string | undefined {
  const count = (config.spec.files ?? []).filter(({ contentFrom }) => contentFrom).length
  return count > maxReferences
    ? `spec.files has ${count} entries with contentFrom, and ${maxReferences} is the most`
    : undefined
}

function ofPaths({ config }: Observed): string | undefined {
  const ours = Object.values(ownPaths(foldersOf(config.spec).workingDir)).map(normalized)
  for (const [index, { path }] of (config.spec.files ?? []).entries()) {
    if (!isAbsolute(path)) return `spec.files[${index}].path is not an absolute path, or has a control character`
    if (ours.includes(normalized(path))) return `spec.files[${index}].path is a file of the provider's own`
  }
  return undefined
}

/** Where the path leads, links aside: users' files are written after the token, so another spelling would replace it. */
function normalized(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function ofCommands({ config }: Observed): string | undefined {
  const { preK0sCommands = [], postK0sCommands = [] } = config.spec
  return [...preK0sCommands, ...postK0sCommands].some(text => text.includes('\0'))
    ? 'spec.preK0sCommands or spec.postK0sCommands has a NUL character, which no shell takes'
    : undefined
}
