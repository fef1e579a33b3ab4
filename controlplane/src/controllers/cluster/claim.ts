// What is written into the metadata of our own object: its finalizer, and what has become of it — core
import { clusterFinalizer, datastoreFormedAnnotation, defaultVersionAnnotation } from '@k0smotron-ts/api'
import type { GuardedPatch } from '@k0smotron-ts/runtime'
import { formedMark } from '../../hosted/datastore/formed-mark.ts'
import { membersMark } from '../../hosted/members-mark.ts'
import { metadataPatch } from '../../hosted/own-metadata.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * First the finalizer, and with it the version of a Cluster whose spec has none: before anything is made with it. Once the
 * datastore has formed, an annotation that says so. And whether members stay against the number of replicas.
 */
export function ownMetadata({ cluster, defaultVersion, hosted }: Snapshot): GuardedPatch | undefined {
  const { annotations } = cluster.metadata
  const isFormed = hosted.datastore.isReady(hosted) && annotations?.[datastoreFormedAnnotation] === undefined
  const isNews = defaultVersion !== undefined && annotations?.[defaultVersionAnnotation] !== defaultVersion
  const members = membersMark(cluster, hosted)
  const marks = {
    ...members.marks,
    ...(isFormed && { [datastoreFormedAnnotation]: formedMark(hosted.datastore.type) }),
    ...(isNews && { [defaultVersionAnnotation]: defaultVersion }),
  }
  return metadataPatch(cluster, { finalizer: clusterFinalizer, marks, outdated: members.outdated })
}
