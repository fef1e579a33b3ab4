// The real k0s instead of the stand-in, by environment variables, and what such a run needs beside — shell
//
// Every scenario runs with the stand-in, and once more with the real k0s where all three variables are set; without them
// those runs count as skipped. `make demo` takes the real one then. Machines of the lab are containers, often on a host with
// cgroup v1 and without CAP_SYS_RESOURCE. The stand-in knows that; for k0s itself `changesForRealK0s` give the cluster a
// worker profile, the workers two arguments, and `realMachineFiles` containerd a drop-in.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { isAtLeast, parseK0sVersion } from '@k0smotron-ts/api'
import { extract } from 'tar-stream'
import type { Changes } from './merge-patch.ts'

export interface RealK0s {
  readonly title: string
  readonly version: string
  readonly image: string
  readonly archive: string
  readonly binary: string
  readonly airgap: string
}

/** What each one names, all of one version. */
const variables = {
  K0S_IMAGE_ARCHIVE: 'a docker archive of the k0s image (`docker save quay.io/k0sproject/k0s:v1.36.3-k0s.1`)',
  K0S_BINARY: 'the k0s executable, for worker machines',
  K0S_AIRGAP_ARCHIVE: "k0s's bundle of images: machines of the lab cannot pull",
} as const

/** Why there is no run with the real k0s; `undefined`: there can be one. */
export function realK0sUnavailable(): string | undefined {
  const missing = Object.keys(variables).filter(name => !process.env[name])
  return missing.length === 0 ? undefined : `the real k0s needs ${missing.join(', ')}`
}

/** For people, a line each. */
export const realK0sNeeds: readonly string[] = Object.entries(variables).map(([name, what]) => `${name}: ${what}`)

/** Throws where the environment does not say where it is. */
export async function realK0s(): Promise<RealK0s> {
  const problem = realK0sUnavailable()
  if (problem) throw new Error(problem)
  const [archive = '', binary = '', airgap = ''] = Object.keys(variables).map(name => process.env[name])
  const tag = await tagOf(archive)
  const colon = tag.lastIndexOf(':')
  const version = tag.slice(colon + 1).replace('-k0s.', '+k0s.')
  return { title: `k0s ${version}`, version, image: tag.slice(0, colon), archive, binary, airgap }
}

/** The first name in the archive's manifest. */
async function tagOf(archive: string): Promise<string> {
  const entries = createReadStream(archive).pipe(extract())
  for await (const entry of entries) {
    if (entry.header.name !== 'manifest.json') {
      entry.resume()
      continue
    }
    const [image] = JSON.parse(await text(entry)) as { readonly RepoTags?: readonly string[] }[]
    const [tag] = image?.RepoTags ?? []
    if (tag) return tag
  }
  throw new Error(`${archive} names no image: is it what "docker save NAME:TAG" writes?`)
}

/** Files of this host by where worker machines see them. */
export function realMachineFiles({
  airgap,
  version,
}: Pick<RealK0s, 'airgap' | 'version'>): Readonly<Record<string, string>> {
  return {
    '/var/lib/k0s/images/bundle.tar': airgap,
    '/etc/k0s/containerd.d/lab.toml': join(import.meta.dirname, `containerd-config-${containerdConfig(version)}.toml`),
  }
}

/** The version of configuration that its containerd asks for: k0s refuses a drop-in of another one before it starts. */
function containerdConfig(version: string): 2 | 3 {
  const parsed = parseK0sVersion(version)
  if (!parsed) throw new Error(`${version} is no version of k0s`)
  return isAtLeast(parsed, 'v1.36.0+k0s.0') ? 3 : 2
}

const profile = {
  name: 'lab',
  values: { failCgroupV1: false, cgroupDriver: 'cgroupfs', oomScoreAdj: 0 },
}

export const changesForRealK0s: Changes = {
  K0smotronControlPlane: { spec: { k0sConfig: { spec: { workerProfiles: [profile] } } } },
  K0sWorkerConfigTemplate: {
    spec: { template: { spec: { args: [`--profile=${profile.name}`, '--ignore-pre-flight-checks'] } } },
  },
}
