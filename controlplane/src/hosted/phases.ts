// All phases of a hosted control plane, in the order in which people read their conditions — core
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import type { ConditionDraft, Outcome } from '@k0smotron-ts/runtime'
import { isMadeByUs } from './identity.ts'
import type { Observed } from './observed.ts'
import { prunable } from './owned.ts'
import { renderAvailability } from './phases/availability.ts'
import { renderCertificates } from './phases/certificates.ts'
import { renderDatastore } from './phases/datastore.ts'
import { renderEndpoint } from './phases/endpoint.ts'
import { renderKubeconfig } from './phases/kubeconfig.ts'
import { renderOIDC } from './phases/oidc.ts'
import { renderWorkload } from './phases/workload.ts'
import { isConfigInUse } from './render/k0s/config-in-use.ts'

/** Every phase runs in every pass; none reads what another returned. */
export function render(observed: Observed): readonly Outcome[] {
  return [renderEndpoint, renderCertificates, renderDatastore, renderWorkload, renderKubeconfig, renderOIDC].map(
    phase => phase(observed),
  )
}

/** What the phases say together. */
export function summarize(observed: Observed, outcomes: readonly Outcome[]): readonly Outcome[] {
  const first = outcomes.flatMap(({ conditions }) => conditions.slice(0, 1)).filter(isNeeded)
  return [...outcomes, renderAvailability(observed, first)]
}

/**
 * Objects of ours that nothing asks for any more: a Service of another type, or a configuration that no pod was made for.
 * Waiting deletes nothing else, so all must be done.
 */
export function orphans(observed: Observed, outcomes: readonly Outcome[]): ReturnType<typeof prunable> {
  const first = outcomes.flatMap(({ conditions }) => conditions.slice(0, 1))
  const isSettled = first.filter(isNeeded).every(({ status }) => status === 'True')
  const wanted = new Set(outcomes.flatMap(({ objects }) => objects).map(identityOf))
  const isUnwanted = (object: KubeObject) =>
    !wanted.has(identityOf(object)) &&
    !object.metadata.deletionTimestamp &&
    !(isConfigInUse(observed, object) ?? !isSettled)
  return prunable(observed).filter(({ object }) => isUnwanted(object) && isMadeByUs(object, observed.owner))
}

/** Who only reads the documents elsewhere keeps no control plane from working, or from losing what it does not need. */
function isNeeded({ type }: ConditionDraft): boolean {
  return type !== controlPlaneCondition.oidcDocumentsAvailable
}

function identityOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`
}
