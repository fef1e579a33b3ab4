// Phase infrastructure: who says of the infrastructure object that it is there, where its own provider does not — core
import { controlPlaneCondition, managedByAnnotation } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { isManagedByUs, type KnownInfrastructure } from '../input.ts'
import type { Observed } from '../observed.ts'
import { done, waits } from '../phase.ts'

const { infrastructureProvisioned, infrastructureReason } = controlPlaneCondition

/** Nothing to say where the object's provider acts: Cluster API core says on the Cluster what it waits for. */
export function renderInfrastructure(observed: Observed): Outcome {
  const { infrastructure } = observed
  if (!infrastructure?.managedBy) return { conditions: [], objects: [] }
  const wait = infrastructure.isProvisioned ? undefined : whatIsMissing(infrastructure, observed)
  if (wait) return waits(infrastructureProvisioned, wait)
  const message = `${infrastructure.name} has the endpoint, and says that it is there`
  return done(infrastructureProvisioned, { reason: infrastructureReason.provisioned, message })
}

function whatIsMissing(
  { name, managedBy, provisionedField }: KnownInfrastructure,
  observed: Observed,
): Wait | undefined {
  if (!isManagedByUs(observed)) {
    return {
      reason: infrastructureReason.managedElsewhere,
      message: `${name} has the annotation ${managedByAnnotation}: ${managedBy}, so its own provider leaves it alone; ${managedBy} has to set ${provisionedField ?? 'its status'}`,
    }
  }
  if (provisionedField === undefined) {
    return {
      reason: infrastructureReason.noSuchField,
      message: `the definition of ${name} has no field of its contract that says that it is there; take the annotation ${managedByAnnotation} off`,
    }
  }
  if (observed.exposure.endpoint) return undefined
  return {
    reason: infrastructureReason.waitingForEndpoint,
    message: `${provisionedField} of ${name} will be set with the endpoint of the control plane`,
  }
}
