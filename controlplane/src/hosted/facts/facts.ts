// What follows from a snapshot: computed once per pass, and handed to every phase — core
import { type K0sVersion, namesOf } from '@k0smotron-ts/api'
import type { Pod, Service, StatefulSet } from '@k0smotron-ts/runtime'
import type { Names, PodComponent } from '../identity.ts'
import { type Unsupported, unsupportedFields } from '../not-supported.ts'
import type { Live, Observed } from '../observed.ts'
import { type Network, networkOf } from '../render/k0s/network.ts'
import { type UserConfig, userConfigOf } from '../render/k0s/user-config.ts'
import { type Exposure, exposureOf } from './exposure.ts'
import { type Hibernation, hibernationOf } from './hibernation.ts'
import { requestedVersion } from './k0s-version.ts'
import { ordinalIn } from './pods.ts'

export interface Facts {
  readonly names: Names
  readonly exposure: Exposure
  /** The version that the spec asks for; absent when it is empty or no k0s version. */
  readonly version?: K0sVersion
  /** The user's configuration of k0s. */
  readonly userConfig: UserConfig
  /** The network of the workload cluster, as k0s's configuration has it. */
  readonly k0sNetwork: Network
  /** The live StatefulSet of k0s. */
  readonly k0sSet?: StatefulSet
  readonly datastoreSet?: StatefulSet
  readonly datastoreService?: Service
  readonly k0sPods: readonly Pod[]
  readonly datastorePods: readonly Pod[]
  /** Absent: it is to run. */
  readonly hibernation?: Hibernation
  /** Fields that are set and have no effect. */
  readonly unsupported: readonly Unsupported[]
}

export type Named = Pick<Facts, 'names' | 'k0sSet' | 'datastoreSet' | 'datastoreService'>

/** What is found by its name alone. */
export function namedObjects(live: Live): Named {
  const names = namesOf(live.clusterName)
  const datastore = live.datastore.objectNames(names)
  const k0sSet = named(live.statefulSets, names.statefulSet)
  const datastoreSet = named(live.statefulSets, datastore.set)
  const datastoreService = named(live.services, datastore.service)
  return {
    names,
    ...(k0sSet && { k0sSet }),
    ...(datastoreSet && { datastoreSet }),
    ...(datastoreService && { datastoreService }),
  }
}

export function withFacts(live: Live): Observed {
  const found = namedObjects(live)
  const version = requestedVersion(live.spec)
  const userConfig = userConfigOf(live.spec)
  const hibernation = hibernationOf(live, found.datastoreSet)
  const known = {
    ...live,
    ...found,
    exposure: exposureOf(live, found.names),
    ...(version && { version }),
    ...(hibernation && { hibernation }),
    userConfig,
    k0sNetwork: networkOf(live, userConfig),
    k0sPods: podsOf(live, found.names.statefulSet, 'cluster'),
    datastorePods: podsOf(live, live.datastore.objectNames(found.names).set, live.datastore.pods?.component),
  }
  return { ...known, unsupported: unsupportedFields(known) }
}

function named<T extends { readonly metadata: { readonly name?: string } }>(
  objects: readonly T[],
  name: string | undefined,
): T | undefined {
  return name === undefined ? undefined : objects.find(({ metadata }) => metadata.name === name)
}

/** The members of the StatefulSet, which selects the component. */
function podsOf({ pods }: Live, set: string | undefined, component: PodComponent | undefined): readonly Pod[] {
  if (set === undefined) return []
  return pods.filter(pod => pod.metadata.labels?.component === component && ordinalIn(set, pod) !== undefined)
}
