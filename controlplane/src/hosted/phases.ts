// All phases of a hosted control plane, in the order in which people read their conditions — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { Outcome } from '@k0smotron-ts/runtime'
import { isMadeByUs } from './identity.ts'
import type { Observed } from './observed.ts'
import { prunable } from './owned.ts'
import { renderAvailability } from './phases/availability.ts'
import { renderCertificates } from './phases/certificates.ts'
import { renderDatastore } from './phases/datastore.ts'
import { renderEndpoint } from './phases/endpoint.ts'
import { renderKubeconfig } from './phases/kubeconfig.ts'
import { renderWorkload } from './phases/workload.ts'
import { isConfigInUse } from './render/k0s/config-in-use.ts'

/** Every phase runs in every pass; none reads what another returned. */
export function render(observed: Observed): readonly Outcome[] {
  return [renderEndpoint, renderCertificates, renderDatastore, renderWorkload, renderKubeconfig].map(phase =>
    phase(observed),
  )
}

/** What the phases say together. */
export function summarize(observed: Observed, outcomes: readonly Outcome[]): readonly Outcome[] {
  const first = outcomes.flatMap(({ conditions }) => conditions.slice(0, 1))
  return [...outcomes, renderAvailability(observed, first)]
}

/**
 * Objects of ours that nothing asks for any more: a Service of another type, or a configuration that no pod was made for.
 * Waiting deletes nothing else, so all must be done.
 */
export function orphans(observed: Observed, outcomes: readonly Outcome[]): ReturnType<typeof prunable> {
  const isSettled = outcomes.every(({ conditions }) => conditions[0]?.status === 'True')
  const wanted = new Set(outcomes.flatMap(({ objects }) => objects).map(identityOf))
  const isUnwanted = (object: KubeObject) =>
    !wanted.has(identityOf(object)) &&
    !object.metadata.deletionTimestamp &&
    !(isConfigInUse(observed, object) ?? !isSettled)
  return prunable(observed).filter(({ object }) => isUnwanted(object) && isMadeByUs(object, observed.owner))
}

function identityOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`
}
