// What the Secrets of a control plane hold, read once per version — core
import { type KubeSecret, Lru } from '@k0smotron-ts/runtime'
import { purposesOf } from '../datastore/datastore.ts'
import { authorityOf } from '../facts/kubeconfig.ts'
import { isOfPredecessor, isOwned } from '../identity.ts'
import type { KubeconfigFacts, Observed } from '../observed.ts'
import { factsOf, type Reading, readCertificate } from './certificate-facts.ts'
import { kubeconfigFacts } from './kubeconfig-facts.ts'

type Facts = Pick<Observed, 'certificates' | 'kubeconfig'>
export type ReadFacts = (known: Pick<Observed, 'now' | 'secrets' | 'owner' | 'datastore'>) => Facts

/** Eight Secrets for each of 4,000 control planes. */
const maxEntries = 32_768

/**
 * Remembers what was found: to parse certificates and compare keys in every pass was an eighth of the operator's CPU for
 * 100 control planes. The same version of a Secret holds the same bytes.
 */
export function createFactsReader(): ReadFacts {
  const readings = new Lru<Reading>(maxEntries)
  const ofKubeconfig = new Lru<KubeconfigFacts>(maxEntries)
  return ({ now, secrets, owner, datastore }) => {
    const certificates = purposesOf(datastore).flatMap(purpose => {
      const { [purpose]: secret, [datastore.authority]: authority } = secrets
      if (!secret) return []
      const version = `${versionOf(secret)} ${versionOf(authority)}`
      const judging = { now, isOurs: isOwned(secret, owner), isOfPredecessor: isOfPredecessor(secret, owner) }
      const reading = remembered(readings, version, () => readCertificate(purpose, secret, authority))
      return [[purpose, factsOf(reading, judging)] as const]
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

function versionOf(secret: KubeSecret | undefined): string {
  return `${secret?.metadata.uid} ${secret?.metadata.resourceVersion}`
}

function remembered<Found>(known: Lru<Found>, version: string, read: () => Found): Found {
  const found = known.get(version) ?? read()
  known.set(version, found)
  return found
}
