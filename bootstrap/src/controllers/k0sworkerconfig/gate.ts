// The reasons not to make bootstrap data yet — core
import { dataSecret, isPaused, knownEndpoint, namesOf, ownerOfKind } from '@k0smotron-ts/api'
import { type KubeSecret, NotOursError, type Wait } from '@k0smotron-ts/runtime'
import { clusterNameOf, isOurBootstrapData, isOurs } from './identity.ts'
import { certificateAuthorityOf, parseJoinToken } from './join-token.ts'
import { unsupportedFields } from './not-supported.ts'
import type { Observed } from './observed.ts'
import { problemOf } from './problems.ts'

const { dataSecretReason } = dataSecret

/** Paused: nothing is written but the condition (CT-A08). */
export function isHeld({ cluster, config }: Observed): boolean {
  return isPaused(cluster, config)
}

/** Each names what ends it, and that is watched. What a user has to mend comes before what only takes time. */
export function blockedBy(observed: Observed): Wait | undefined {
  for (const gate of gates) {
    const wait = gate(observed)
    if (wait) return wait
  }
  return undefined
}

const gates = [
  forOwner,
  forCluster,
  forSupport,
  forValidSpec,
  forControlPlane,
  forCertificates,
  forKubeconfig,
  forReferences,
  ofForeigners,
]

/** A config is a MachineSet's for about a second before it is a Machine's. */
function forOwner({ config, machine, machinePool }: Observed): Wait | undefined {
  if (machine ?? machinePool) return undefined
  const { waitingForOwner: reason } = dataSecretReason
  const owner = ownerOfKind(config, 'Machine', 'MachinePool')
  if (owner) return { reason, message: `${owner.kind} ${owner.name}, the owner, does not exist` }
  const set = ownerOfKind(config, 'MachineSet')
  if (set) return { reason, message: `waiting for MachineSet ${set.name} to hand this over to a Machine` }
  const hint = 'does spec.bootstrap.configRef of a Machine or MachinePool name this object?'
  return { reason, message: `waiting for Cluster API to set the owner; ${hint}` }
}

function forCluster(observed: Observed): Wait | undefined {
  if (observed.cluster) return undefined
  const message = `waiting for Cluster ${clusterNameOf(observed)}, which the owner names`
  return { reason: dataSecretReason.waitingForCluster, message }
}

function forSupport(observed: Observed): Wait | undefined {
  const paths = unsupportedFields(observed).flatMap(({ path, blocks }) => (blocks ? [path] : []))
  if (paths.length === 0) return undefined
  const message = `${paths.join(', ')} cannot be honoured yet, and the bootstrap data would be wrong without`
  return { reason: dataSecretReason.notSupported, message }
}

function forValidSpec(observed: Observed): Wait | undefined {
  const problem = problemOf(observed)
  return problem === undefined ? undefined : { reason: dataSecretReason.invalidSpec, message: problem }
}

/** The join token holds the endpoint, and joins go on only when somebody answers there. */
function forControlPlane({ cluster }: Observed): Wait | undefined {
  const { waitingForControlPlaneInitialization: reason } = dataSecretReason
  if (!knownEndpoint(cluster?.spec?.controlPlaneEndpoint)) {
    return { reason, message: 'waiting for spec.controlPlaneEndpoint of the Cluster' }
  }
  const { initialization, conditions = [] } = cluster?.status ?? {}
  const isSaid = conditions.some(({ type, status }) => type === 'ControlPlaneInitialized' && status === 'True')
  return isSaid || initialization?.controlPlaneInitialized
    ? undefined
    : { reason, message: 'waiting for the control plane of the Cluster to be initialized' }
}

function forCertificates(observed: Observed): Wait | undefined {
  if (certificateAuthorityOf(observed).includes('-----BEGIN CERTIFICATE-----')) return undefined
  const { ca } = namesOf(clusterNameOf(observed) ?? '')
  const message = observed.secrets.certificateAuthority
    ? `Secret ${ca} has no certificate in tls.crt`
    : `waiting for Secret ${ca} with the certificate authority of the cluster`
  return { reason: dataSecretReason.waitingForCertificates, message }
}

function forKubeconfig(observed: Observed): Wait | undefined {
  if (observed.secrets.kubeconfig) return undefined
  const { kubeconfig } = namesOf(clusterNameOf(observed) ?? '')
  return { reason: dataSecretReason.waitingForKubeconfig, message: `waiting for Secret ${kubeconfig}` }
}

function forReferences({ contents }: Observed): Wait | undefined {
  const missing = Object.values(contents).flatMap(content => ('missing' in content ? [content.missing] : []))
  if (missing.length === 0) return undefined
  const rest = missing.length > mostNamed ? `, and ${missing.length - mostNamed} more` : ''
  const message = `waiting for ${missing.slice(0, mostNamed).join(', ')}${rest}`
  return { reason: dataSecretReason.waitingForReference, message }
}

/** So that the message stays readable, and short enough for a condition. */
const mostNamed = 5

/** Nothing of someone else's is taken over, and nothing that is not what it should be is used. */
export function ofForeigners(observed: Observed): Wait | undefined {
  const { joinToken, bootstrap } = observed.secrets
  const { invalidJoinToken: reason } = dataSecretReason
  if (bootstrap && !isOurBootstrapData(observed, bootstrap)) return foreign(bootstrap)
  if (joinToken && !isOurs(observed, joinToken)) return foreign(joinToken)
  if (!joinToken || parseJoinToken(joinToken)) return undefined
  return { reason, message: `Secret ${joinToken.metadata.name} holds no bootstrap token; delete it` }
}

function foreign(secret: KubeSecret): Wait {
  return { reason: dataSecretReason.notOurs, message: new NotOursError(secret).message }
}
