// What in a spec cannot be meant — core
import { ownPaths } from '../../cloudinit/worker.ts'
import { k0sVersionOf, versionTextOf } from './k0s-version.ts'
import type { Observed } from './observed.ts'
import { argumentsOf, foldersOf, longestLabel, sourceOf } from './worker-input.ts'

/** The first problem, naming the field: the schema lets it pass, the machine would not come up. */
export function problemOf(observed: Observed): string | undefined {
  for (const check of checks) {
    const problem = check(observed)
    if (problem !== undefined) return problem
  }
  return undefined
}

const checks = [ofVersion, ofName, ofArguments, ofDownloadURL, ofFolders, ofPaths, ofCommands]

/** Without a version the installer would take the newest, whatever the cluster runs (it once did). */
function ofVersion(observed: Observed): string | undefined {
  const text = versionTextOf(observed)
  if (text !== '' && k0sVersionOf(observed) === undefined) {
    return `${JSON.stringify(text)} is not a version of k0s such as v1.36.3+k0s.1; see spec.version of this object and of its owner`
  }
  if (text === '' && sourceOf(observed).kind === 'script') {
    return 'there is no version to install: set spec.version here or on the owner'
  }
  return undefined
}

function ofName({ config, machine }: Observed): string | undefined {
  const { name = '' } = machine?.metadata ?? {}
  if (config.spec.useSystemHostname || name.length <= longestLabel) return undefined
  return `the Machine's name has ${name.length} characters and a node's ${longestLabel} at most; set spec.useSystemHostname`
}

function ofArguments(observed: Observed): string | undefined {
  const args = argumentsOf(observed)
  return 'problem' in args ? `spec.args[${args.problem.index}] ${args.problem.message}` : undefined
}

function ofDownloadURL({ config }: Observed): string | undefined {
  const { downloadURL = '' } = config.spec
  return downloadURL === '' || /^(https?|oci):\/\/\S+$/.test(downloadURL)
    ? undefined
    : 'spec.downloadURL is not an http, https or oci URL'
}

function ofFolders({ config }: Observed): string | undefined {
  const { installDir, workingDir } = foldersOf(config.spec)
  if (!isFolder(installDir)) return 'spec.k0sInstallDir is not an absolute path'
  return isFolder(workingDir) ? undefined : 'spec.workingDir is not an absolute path'
}

function isFolder(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0')
}

function ofPaths({ config }: Observed): string | undefined {
  const ours = Object.values(ownPaths(foldersOf(config.spec).workingDir))
  const index = (config.spec.files ?? []).findIndex(({ path }) => ours.includes(path))
  return index < 0 ? undefined : `spec.files[${index}].path is a file of the provider's own`
}

function ofCommands({ config }: Observed): string | undefined {
  const { preK0sCommands = [], postK0sCommands = [] } = config.spec
  return [...preK0sCommands, ...postK0sCommands].some(text => text.includes('\0'))
    ? 'spec.preK0sCommands or spec.postK0sCommands has a NUL character, which no shell takes'
    : undefined
}
