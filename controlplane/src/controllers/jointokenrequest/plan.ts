// What is to be done for a JoinTokenRequest — core
import {
  controlPlaneCondition,
  hostPort,
  joinTokenCondition,
  joinTokenNamespacesAnnotation,
  type K0smotronCluster,
  knownEndpoint,
  parseDuration,
} from '@k0smotron-ts/api'
import { conditionIn, type KubeSecret, timeText, type Wait } from '@k0smotron-ts/runtime'
import { clusterKeyOf, isAcrossNamespaces, isMeant, roleOf } from './identity.ts'
import type { Observed } from './observed.ts'
import { type JoinTarget, pemOf } from './token.ts'

const { joinTokenReason } = joinTokenCondition

export type Plan =
  /** The Cluster that knew the token is gone, or not meant any more, and the request goes. */
  | { readonly kind: 'leave' }
  /** Nothing may be given out; what was, is taken back. */
  | { readonly kind: 'withdraw'; readonly wait: Wait }
  | End
  | { readonly kind: 'wait'; readonly wait: Wait }
  | Issue

/** The time is over, also where it was longer before. */
export interface End {
  readonly kind: 'end'
  readonly wait: Wait
  readonly expiresAt: Date
}

/** There is to be a token. */
export interface Issue {
  readonly kind: 'issue'
  readonly cluster: K0smotronCluster
  readonly kubeconfig: KubeSecret
  readonly target: JoinTarget
  readonly issuedAt: Date
  /** Absent: it never ends by itself. */
  readonly expiresAt?: Date
}

/** On the Secret: when its token was made first. */
export const issuedAnnotation = 'k0smotron.io/issued-at'

export function planOf(observed: Observed): Plan {
  const { cluster, request } = observed
  const knownBy = request.status?.clusterUID
  const isThere = cluster && cluster.metadata.uid === knownBy && isMeant(request, cluster)
  if (knownBy !== undefined && !isThere) return { kind: 'leave' }
  if (isAcrossNamespaces(request) && !allows(cluster, request.metadata.namespace ?? '')) return notAllowed(observed)
  if (!cluster || cluster.metadata.deletionTimestamp)
    return waiting(joinTokenReason.waitingForCluster, missing(observed))
  const expiry = parseDuration(request.spec.expiry ?? '0s')
  if (expiry === undefined) return waiting(joinTokenReason.invalidExpiry, invalidExpiry(observed))
  return planFor(observed, cluster, expiry)
}

function planFor(observed: Observed, cluster: K0smotronCluster, expiry: number): Plan {
  const issuedAt = issuedAtOf(observed)
  const expiresAt = expiry > 0 ? new Date((issuedAt ?? observed.now).getTime() + expiry) : undefined
  if (issuedAt && expiresAt && expiresAt <= observed.now) return expired(expiresAt)
  const { ca, kubeconfig } = observed.secrets
  const endpoint = knownEndpoint(cluster.status?.publishedEndpoint)
  const { initialized } = controlPlaneCondition
  const isUp = conditionIn(cluster.status?.conditions, initialized)?.status === 'True'
  const name = cluster.metadata.name
  if (!isUp || !endpoint) {
    return waiting(
      joinTokenReason.waitingForControlPlane,
      `waiting for the API server of Cluster ${name} to answer once`,
    )
  }
  if (!ca || !kubeconfig) {
    return waiting(joinTokenReason.waitingForControlPlane, `waiting for Secrets ${name}-ca and ${name}-kubeconfig`)
  }
  const port = roleOf(observed.request) === 'controller' ? controllerJoinPort : endpoint.port
  const server = `https://${hostPort({ host: endpoint.host, port })}`
  const target = { server, certificateAuthority: pemOf(ca) }
  return {
    kind: 'issue',
    cluster,
    kubeconfig,
    target,
    issuedAt: issuedAt ?? observed.now,
    ...(expiresAt && { expiresAt }),
  }
}

/** Where k0s serves those who join as controllers. */
const controllerJoinPort = 9443

/** Survives a lost status as well as a lost Secret: neither makes the token live longer. */
function issuedAtOf({ request, secrets }: Observed): Date | undefined {
  const text = request.status?.issuedAt ?? secrets.token?.metadata.annotations?.[issuedAnnotation]
  const time = text === undefined ? undefined : new Date(text)
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}

function waiting(reason: string, message: string): Plan {
  return { kind: 'wait', wait: { reason, message } }
}

/** The namespaces that the Cluster's annotation lists. */
function allows(cluster: K0smotronCluster | undefined, namespace: string): boolean {
  const listed = cluster?.metadata.annotations?.[joinTokenNamespacesAnnotation]?.split(',') ?? []
  return listed.some(one => one.trim() === namespace)
}

/** In the same words whether there is such a Cluster: who may not join it is not told. */
function notAllowed({ request }: Observed): Plan {
  const { namespace, name } = clusterKeyOf(request)
  const message = `Cluster ${namespace}/${name} does not exist, or its annotation ${joinTokenNamespacesAnnotation} does not list namespace ${request.metadata.namespace}`
  return { kind: 'withdraw', wait: { reason: joinTokenReason.notAllowed, message } }
}

function missing({ cluster, request }: Observed): string {
  const { clusterName } = request.spec
  return cluster ? `Cluster ${clusterName} is being deleted` : `Cluster ${clusterName} does not exist in this namespace`
}

function invalidExpiry({ request }: Observed): string {
  return `spec.expiry ${JSON.stringify(request.spec.expiry)} is no duration of at most 876000h; write one such as 30m or 24h, or 0s for a token that never ends`
}

function expired(expiresAt: Date): Plan {
  const message = `the token was good until ${timeText(expiresAt)} and is not renewed by itself; lengthen spec.expiry, or delete this object and make it again`
  return { kind: 'end', wait: { reason: joinTokenReason.expired, message }, expiresAt }
}
