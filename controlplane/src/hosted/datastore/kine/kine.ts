// A database that somebody else runs, reached through kine inside of k0s — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Outcome, stripEmpty } from '@k0smotron-ts/runtime'
import { isReady } from '../../facts/pods.ts'
import type { Known, Observed } from '../../observed.ts'
import { done, waits } from '../../phase.ts'
import type { Datastore, Unspoken } from '../datastore.ts'
import { dataSourceOf, sourceSecretOf, unsupportedSource } from './data-source.ts'
import { isPasswordIn, quotesOf } from './hidden.ts'
import { knownDataSources } from './known-sources.ts'
import { otherDatabase } from './other-database.ts'

const { datastoreAvailable, datastoreReason } = controlPlaneCondition

/** Nothing of it is in the hosting cluster: no object, no certificate, no volume. */
export const kine: Datastore = {
  type: 'kine',
  leaves: [],
  clientPurposes: [],
  // as many as the schema lets through: each has a kine of its own, and the database is theirs together
  maxReplicas: 99,
  objectNames: () => ({}),
  sourceSecret: sourceSecretOf,
  leafContent: (_, leaf) => {
    throw new Error(`kine has no certificate ${leaf}`)
  },
  storage,
  needs: 'a data source that may be used',
  isSecret: true,
  unspoken,
  component: 'kine',
  volumes: () => [],
  mounts: [],
  outcome,
  isReady: hasServed,
  isWhole: hasServed,
  mayWake: () => true,
  memberVolumes: () => [],
  hasSeveralMembers: () => false,
  hasMembersToAsk: () => false,
  isFormed,
  // nothing is in it before
  otherData: observed => (isFormed(observed) ? otherDatabase(observed) : undefined),
  unusedVolume: () => undefined,
  mayStart: () => true,
  unsupported: observed => [...unsupportedSource(observed), ...ofEtcd(observed)],
}

/** Every configuration that is there is read for it. */
function unspoken(observed: Observed): Unspoken {
  const sources = knownDataSources(observed)
  return { texts: sources.flatMap(quotesOf), isIn: words => sources.some(text => isPasswordIn(words, text)) }
}

function storage(observed: Known): object | undefined {
  const found = dataSourceOf(observed)
  return 'url' in found ? { type: 'kine', kine: { dataSource: found.url.reveal() } } : undefined
}

/** Nobody but the pods of k0s sees the database: it is told that it is configured, and nothing more. */
function outcome(observed: Observed): Outcome {
  const found = dataSourceOf(observed)
  if ('reason' in found) return waits(datastoreAvailable, found)
  const message = `k0s is given the ${found.database} data source in ${found.origin}; what its pods say of the database is in the condition ${controlPlaneCondition.controlPlaneComponentsHealthy}`
  return done(datastoreAvailable, { reason: datastoreReason.configured, message })
}

function isFormed(observed: Observed): boolean {
  return observed.memory.datastoreFormed || observed.memory.initialized || hasServed(observed)
}

/** An API server that is ready has written to the database. */
function hasServed({ k0sPods }: Pick<Observed, 'k0sPods'>): boolean {
  return k0sPods.some(isReady)
}

function ofEtcd({ spec }: Known): readonly string[] {
  const said = stripEmpty(spec.storage?.etcd) ?? {}
  return Object.keys(said).map(field => `spec.storage.etcd.${field}`)
}
