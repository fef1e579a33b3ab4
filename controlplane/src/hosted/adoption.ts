// What is ours and has no owner any more: tools that restore objects take owners off — core
import { releasedFromAnnotation } from '@k0smotron-ts/api'
import { type StatefulSet, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { typeChange } from './datastore/change.ts'
import { componentOf, configLabel, isOwnerless } from './identity.ts'
import type { Authority, Observed } from './observed.ts'
import { ownedParts, type Part } from './owned.ts'
import { secretNameOf } from './pki/certificate-plan.ts'
import { madeWith, marksOn } from './pki/made-with.ts'

/** To be owned again; or why not, though name and labels are ours, and what to do. */
export interface Ownerless extends Part {
  readonly unfit?: string
}

/**
 * By name and labels, all of them: nobody else makes such an object by accident, and one with an owner is never taken. Only a
 * StatefulSet can be unfit: of everything else this pass may need none, and is refused what it does need when it applies it.
 */
export function ownerlessParts(observed: Observed): readonly Ownerless[] {
  const change = typeChange(observed)
  if (change) return setsLeft(observed).map(part => ({ ...part, unfit: change.message }))
  return ownedParts(observed.ownerless).flatMap(part => {
    const component = componentOf(part.object)
    if (!component || !isOwnerless(observed, part.object, component) || !isNamed(observed, part)) return []
    if (part.type !== statefulSets) return isReleased(part) ? [] : [part]
    const unfit = faultOf(observed, part)
    return [{ ...part, ...(unfit !== undefined && { unfit }) }]
  })
}

/** Of every datastore. With another one than the spec's nothing is adopted, which would go with an object that has to. */
function setsLeft(observed: Observed): readonly Part[] {
  const { names, ownerless } = observed
  const sets = ownerless.statefulSets.filter(object => {
    const component = componentOf(object)
    return component !== undefined && isOwnerless(observed, object, component)
  })
  return sets
    .filter(({ metadata }) => [names.statefulSet, names.etcd].includes(metadata.name ?? ''))
    .map(object => ({ type: statefulSets, object }))
}

/** Secrets prove it by their keys too. One that does not fit is told by the condition that needs it. */
export function ownerlessSecrets(observed: Observed): readonly Ownerless[] {
  return Object.entries(observed.secrets).flatMap(([purpose, object]) => {
    const component = purpose === 'kubeconfig' ? 'kubeconfig' : 'certificates'
    const isOurs = isOwnerless(observed, object, component) && !isReleased({ type: secrets, object })
    return isOurs && fits(observed, purpose as keyof Observed['secrets']) ? [{ type: secrets, object }] : []
  })
}

function isNamed({ names, datastore }: Observed, { object: { metadata } }: Part): boolean {
  const ofDatastore = Object.values(datastore.objectNames(names))
  const fixed = [...Object.values(names.service), names.statefulSet, names.config, names.oidc, ...ofDatastore]
  const revision = `${names.config}-${metadata.labels?.[configLabel]}`
  return [...fixed, revision].includes(metadata.name ?? '')
}

function isReleased({ object: { metadata } }: Part): boolean {
  return metadata.annotations?.[releasedFromAnnotation] !== undefined
}

/** Pods of another authority would be a control plane of another cluster, or one that nothing trusts. */
function faultOf(observed: Observed, part: Part): string | undefined {
  if (isReleased(part)) {
    return `it was left behind for a move; take its annotation ${releasedFromAnnotation} off to give it to this control plane`
  }
  return foreignSet(observed, part.object as StatefulSet)
}

function foreignSet(observed: Observed, set: StatefulSet): string | undefined {
  const { datastore, names } = observed
  const isOfDatastore = set.metadata.name === datastore.objectNames(names).set
  const authority = (isOfDatastore && datastore.authority) || 'ca'
  const mark = madeWith(set)
  if (mark === undefined) {
    const isKnown = !isOfDatastore || datastore.isFormed(observed)
    return isKnown ? undefined : `nothing tells whose data it has: give the cluster another name`
  }
  return otherAuthority(observed, authority, mark) ?? otherAuthority(observed, 'ca', clusterOf(set))
}

/** Whose data is in its volume, if it has one and tells. */
function clusterOf({ spec }: StatefulSet): string | undefined {
  return marksOn({ metadata: spec?.volumeClaimTemplates?.[0]?.metadata ?? {} }).cluster
}

/** Why what carries the mark is none of the authority that is there. */
function otherAuthority({ certificates, names }: Observed, authority: Authority, mark?: string): string | undefined {
  const { [authority]: facts } = certificates
  const secret = `Secret ${secretNameOf(names, authority)}`
  if (mark === undefined || facts?.fingerprint === mark) return undefined
  return facts?.fingerprint === undefined
    ? `restore ${secret}, with which it was made`
    : `it was made with another authority than ${secret} has: put that one back`
}

function fits({ certificates, kubeconfig, secrets: known }: Observed, purpose: keyof Observed['secrets']): boolean {
  if (purpose !== 'kubeconfig') return certificates[purpose]?.fits === true
  return known.ca !== undefined && certificates.ca?.fault === undefined && kubeconfig?.fault === undefined
}
