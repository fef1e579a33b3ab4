// What in a spec cannot be meant — core
import { ownPaths } from '../../cloudinit/worker.ts'
import { joinTokenSuffix } from './identity.ts'
import { k0sVersionOf, versionTextOf } from './k0s-version.ts'
import type { Observed } from './observed.ts'
import { argumentsOf, foldersOf, isOfCloudController, longestNodeName, sourceOf } from './worker-input.ts'

/** The first problem, naming the field: the schema lets it pass, the machine would not come up. */
export function problemOf(observed: Observed): string | undefined {
  for (const check of checks) {
    const problem = check(observed)
    if (problem !== undefined) return problem
  }
  return undefined
}

const checks = [ofVersion, ofName, ofArguments, ofTaint, ofDownloadURL, ofFolders, ofPaths, ofCommands]

/** Without a version the installer would take the newest, whatever the cluster runs (it once did). */
function ofVersion(observed: Observed): string | undefined {
  if (sourceOf(observed).kind !== 'script') return undefined // nothing is chosen by it
  const text = versionTextOf(observed)
  if (text !== '' && k0sVersionOf(observed) === undefined) {
    return `${JSON.stringify(text)} is not a version of k0s such as v1.36.3+k0s.1; see spec.version of this object and of its owner`
  }
  return text === '' ? 'there is no version to install: set spec.version here or on the owner' : undefined
}

const longestSecretName = 253

function ofName({ config, machine }: Observed): string | undefined {
  const longest = longestSecretName - joinTokenSuffix.length
  if ((config.metadata.name ?? '').length > longest) {
    return `the name of this object has more than ${longest} characters: the Secret of its join token cannot be named for it`
  }
  const { name = '' } = machine?.metadata ?? {}
  if (config.spec.useSystemHostname || name.length <= longestNodeName) return undefined
  return `the Machine's name has ${name.length} characters and a node's ${longestNodeName} at most; set spec.useSystemHostname`
}

function ofArguments(observed: Observed): string | undefined {
  const args = argumentsOf(observed)
  return 'problem' in args ? `spec.args[${args.problem.index}] ${args.problem.message}` : undefined
}

const waitingTaint = 'node.cluster.x-k8s.io/uninitialized'

/** Cluster API takes the taint away when the node has its provider ID; a cloud controller that does not tolerate it never gives one. */
function ofTaint(observed: Observed): string | undefined {
  const args = argumentsOf(observed)
  const isAsked = 'words' in args && args.words.some(word => word.includes(waitingTaint))
  return isAsked && isOfCloudController(observed)
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
