// The version of k0s that a control plane asks for, and the one its pods run — core
import { imageTagOf, isAtLeast, type K0sVersion, parseK0sVersion, printK0sVersion } from '@k0smotron-ts/api'
import type { HostedSpec } from '../input.ts'
import type { Observed } from '../observed.ts'
import { defaultK0sRepository, resolveImage } from './defaults.ts'

/** On the pod template, so that a pod tells its version without being asked: there is no exec into it. */
export const k0sVersionAnnotation = 'k0smotron.io/k0s-version'

/** `undefined` when the text is empty or no k0s version; the workload phase then says so and leaves live pods alone. */
export function requestedVersion({ version = '' }: HostedSpec): K0sVersion | undefined {
  const parsed = parseK0sVersion(version.trim())
  return parsed && { ...parsed, k0s: parsed.k0s ?? 0 }
}

/** Always with its suffix: two spellings of one version are one text. */
export function versionText(version: K0sVersion): string {
  return printK0sVersion(version, 'plus')
}

export interface K0sImage {
  readonly reference: string
  /** Goes onto the StatefulSet. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** A reference with a digest as it is; else the repository with the version as its tag. */
export function k0sImage(observed: Observed, version: K0sVersion): K0sImage {
  const { image } = observed.spec
  if (image?.includes('@')) return { reference: image }
  const { repository, ...marks } = resolveImage(image, defaultK0sRepository, observed.k0sSet)
  return { reference: `${repository}:${imageTagOf(version)}`, ...marks }
}

/** The first releases of the older minors that surely have what 1.36.3+k0s.1 began with; an older one gets exec probes. */
const backports: Readonly<Record<number, string>> = { 34: 'v1.34.12+k0s.0', 35: 'v1.35.8+k0s.0' }

/**
 * Whether k0s leaves `--anonymous-auth` out when it is given an AuthenticationConfiguration that speaks of anonymous
 * users. Older releases pass both, and kube-apiserver then refuses to start.
 */
export function supportsAnonymousAuthConfig(version: K0sVersion): boolean {
  return isAtLeast(version, backports[version.minor] ?? 'v1.36.3+k0s.1')
}

/** Whether `spec.api.externalAddress` may be host and port. */
export function supportsExternalPort(version: K0sVersion): boolean {
  return isAtLeast(version, version.minor === 33 ? 'v1.33.6+k0s.0' : 'v1.34.1+k0s.0')
}
