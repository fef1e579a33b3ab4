// Conditions of JoinTokenRequest and their reasons — core
import { hibernated } from '../conditions.ts'

/** The Secret with the token is there, and the workload cluster takes the token. */
export const joinTokenSecretCreated = 'JoinTokenSecretCreated'

export const joinTokenReason = {
  created: 'Created',
  /** The Cluster does not exist. */
  waitingForCluster: 'WaitingForCluster',
  /** The Cluster has no endpoint yet, or its API server has not answered yet. */
  waitingForControlPlane: 'WaitingForControlPlane',
  /** The control plane of the Cluster hibernates: its pods are stopped, and nobody answers until it is woken. */
  hibernated,
  /** The API server of the workload cluster does not answer now. */
  unreachable: 'APIServerUnreachable',
  /** The Cluster is in another namespace, and does not list this one. */
  notAllowed: 'NamespaceNotAllowed',
  /** spec.expiry is no duration. */
  invalidExpiry: 'InvalidExpiry',
  /** A Secret of that name exists and belongs to someone else, or does not hold a token. */
  notOurs: 'NotOurs',
  /** The API server refused an object for good; an Event has its answer. */
  applyRefused: 'ApplyRefused',
  /** The time is over; nothing is renewed by itself. */
  expired: 'Expired',
} as const
