// What the Secrets of a control plane hold, read once per version — core
import { type KubeSecret, Lru, type StatefulSet } from '@k0smotron-ts/runtime'
import { purposesOf } from '../datastore/datastore.ts'
import { authorityOf } from '../facts/kubeconfig.ts'
import { isOfAnother, isOwned, isOwnerless } from '../identity.ts'
import type { KubeconfigFacts, Observed, Purpose } from '../observed.ts'
import { factsOf, type Judging } from './certificate-facts.ts'
import { renewBeforeMs } from './certificate-plan.ts'
import { kubeconfigFacts } from './kubeconfig-facts.ts'
import { madeWith, madeWithThese } from './made-with.ts'
import { type Reading, readCertificate } from './reading.ts'

type Facts = Pick<Observed, 'certificates' | 'kubeconfig'>
type Known = Pick<
  Observed,
  | 'now'
  | 'secrets'
  | 'owner'
  | 'spec'
  | 'renewsCertificates'
  | 'clusterName'
  | 'datastore'
  | 'memory'
  | 'k0sSet'
  | 'datastoreSet'
>
export type ReadFacts = (known: Known) => Facts

/** Eight Secrets for each of 4,000 control planes. */
const maxEntries = 32_768

/**
 * Remembers what was found: to parse certificates and compare keys in every pass was an eighth of the operator's CPU for
 * 100 control planes. The same version of a Secret holds the same bytes.
 */
export function createFactsReader(): ReadFacts {
  const readings = new Lru<Reading>(maxEntries)
  const ofKubeconfig = new Lru<KubeconfigFacts>(maxEntries)
  return known => {
    const { secrets, datastore } = known
    const certificates = purposesOf(datastore).flatMap(purpose => {
      const { [purpose]: secret } = secrets
      const authority = datastore.authority && secrets[datastore.authority]
      if (!secret) return []
      const version = `${versionOf(secret)} ${versionOf(authority)}`
      const reading = remembered(readings, version, () => readCertificate(purpose, secret, authority))
      return [[purpose, factsOf(reading, judgingOf(known, purpose, secret))] as const]
    })
    const { kubeconfig, ca } = secrets
    const read = (secret: KubeSecret) => kubeconfigFacts(secret, authorityOf({ secrets }))
    return {
      certificates: Object.fromEntries(certificates),
      ...(kubeconfig && {
        kubeconfig: remembered(ofKubeconfig, `${versionOf(kubeconfig)} ${versionOf(ca)}`, () => read(kubeconfig)),
      }),
    }
  }
}

function judgingOf(known: Known, purpose: Purpose, secret: KubeSecret): Judging {
  const { now, owner, datastore, memory, spec, renewsCertificates } = known
  const renewBefore = renewBeforeMs(spec)
  const setMadeWith = madeWith(setOf(known, purpose))
  // members of a datastore trust no other authority than theirs; nodes, none than that of the cluster they have joined
  const counts = purpose === datastore.authority || memory.initialized
  return {
    now,
    ...(renewBefore !== undefined && { renewBefore }),
    ...(renewsCertificates && { isWantedNow: true }),
    isOurs: isOwned(secret, owner),
    isOfAnother: isOfAnother(secret, owner),
    madeWith: counts ? setMadeWith : undefined,
    setMadeWith,
    podsMadeWith: isAlike(purpose) && isOwnerless(known, secret, 'certificates') ? madeWithThese(known) : undefined,
  }
}

/** No leaf and no fingerprint tells one from another: any pair is well-formed. */
function isAlike(purpose: Purpose): boolean {
  return purpose === 'sa' || purpose === 'proxy'
}

function setOf({ datastore, datastoreSet, k0sSet }: Known, purpose: Purpose): StatefulSet | undefined {
  if (purpose === datastore.authority) return datastoreSet
  return purpose === 'ca' ? k0sSet : undefined
}

function versionOf(secret: KubeSecret | undefined): string {
  return `${secret?.metadata.uid} ${secret?.metadata.resourceVersion}`
}

function remembered<Found>(known: Lru<Found>, version: string, read: () => Found): Found {
  const found = known.get(version) ?? read()
  known.set(version, found)
  return found
}
