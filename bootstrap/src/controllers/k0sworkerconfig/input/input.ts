// What bootstrap data is made from: everything that it needs, or the first reason to wait — core
import {
  type Cluster,
  dataSecret,
  decodeBase64,
  hostPort,
  knownEndpoint,
  type Machine,
  type MachinePool,
  namesOf,
  ownerOfKind,
} from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { clusterNameOf } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { type JoinTarget, unusableSecret } from '../token/join-token.ts'
import { unsupportedFields } from './not-supported.ts'
import { all, isWait, type Part } from './parts.ts'
import { type Worker, workerOf } from './worker-input.ts'

const { dataSecretReason } = dataSecret

export interface Input extends JoinTarget {
  readonly worker: Worker
}

/** Each wait names what ends it, and that is watched. What a user has to mend comes before what only takes time. */
export function inputOf(observed: Observed): Input | Wait {
  const parts = all({
    owner: ownerOf(observed),
    cluster: clusterOf(observed),
    isSupported: support(observed),
    worker: workerOf(observed),
    server: serverOf(observed),
    certificateAuthority: certificateAuthorityOf(observed),
    kubeconfig: kubeconfigOf(observed),
    isUsable: unusableSecret(observed) ?? true,
  })
  if (isWait(parts)) return parts
  const { worker, server, certificateAuthority } = parts
  return { worker, server, certificateAuthority }
}

/** A config is a MachineSet's for about a second before it is a Machine's. */
function ownerOf({ config, machine, machinePool }: Observed): Part<Machine | MachinePool> {
  const found = machine ?? machinePool
  if (found) return found
  const { waitingForOwner: reason } = dataSecretReason
  const owner = ownerOfKind(config, 'Machine', 'MachinePool')
  if (owner) return { reason, message: `${owner.kind} ${owner.name}, the owner, does not exist` }
  const set = ownerOfKind(config, 'MachineSet')
  if (set) return { reason, message: `waiting for MachineSet ${set.name} to hand this over to a Machine` }
  const hint = 'does spec.bootstrap.configRef of a Machine or MachinePool name this object?'
  return { reason, message: `waiting for Cluster API to set the owner; ${hint}` }
}

function clusterOf(observed: Observed): Part<Cluster> {
  const message = `waiting for Cluster ${clusterNameOf(observed)}, which the owner names`
  return observed.cluster ?? { reason: dataSecretReason.waitingForCluster, message }
}

function support(observed: Observed): Part<true> {
  const paths = unsupportedFields(observed).flatMap(({ path, blocks }) => (blocks ? [path] : []))
  if (paths.length === 0) return true
  const message = `${paths.join(', ')} cannot be honoured yet, and the bootstrap data would be wrong without`
  return { reason: dataSecretReason.notSupported, message }
}

/** The join token holds the endpoint, and joins go on only when somebody answers there. */
function serverOf({ cluster }: Observed): Part<string> {
  const { waitingForControlPlaneInitialization: reason } = dataSecretReason
  const endpoint = knownEndpoint(cluster?.spec?.controlPlaneEndpoint)
  if (!endpoint) return { reason, message: 'waiting for spec.controlPlaneEndpoint of the Cluster' }
  const { initialization, conditions = [] } = cluster?.status ?? {}
  const isSaid = conditions.some(({ type, status }) => type === 'ControlPlaneInitialized' && status === 'True')
  return isSaid || initialization?.controlPlaneInitialized
    ? `https://${hostPort(endpoint)}`
    : { reason, message: 'waiting for the control plane of the Cluster to be initialized' }
}

/** PEM text. */
function certificateAuthorityOf(observed: Observed): Part<string> {
  const { certificateAuthority } = observed.secrets
  const text = decodeBase64(certificateAuthority?.data?.['tls.crt'])
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  const { ca } = namesOf(clusterNameOf(observed) ?? '')
  const message = certificateAuthority
    ? `Secret ${ca} has no certificate in tls.crt`
    : `waiting for Secret ${ca} with the certificate authority of the cluster`
  return { reason: dataSecretReason.waitingForCertificates, message }
}

function kubeconfigOf(observed: Observed): Part<object> {
  const { kubeconfig } = namesOf(clusterNameOf(observed) ?? '')
  const message = `waiting for Secret ${kubeconfig}`
  return observed.secrets.kubeconfig ?? { reason: dataSecretReason.waitingForKubeconfig, message }
}
