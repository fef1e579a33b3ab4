// One cluster of a release, awaited and deleted as its user does it: nothing of the product helps him — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Kubectl, kubectlWith } from '@k0smotron-ts/hack/testenv'
import { type IndependentClient, independentClient, type Seen } from './independent.ts'
import type { ReleasedStage } from './released.ts'

/** So long each step may take: pods start here beside everything else, under the limits of a node. */
export const patienceMs = 540_000

export interface ClusterKey {
  readonly namespace: string
  readonly name: string
}

/** A workload cluster through the kubeconfig of its Secret. */
export interface ReleasedWorkload {
  readonly client: IndependentClient
  readonly kubectl: Kubectl
}

type Reached = Pick<ReleasedStage, 'client' | 'folder'>

/** Resolves when the kubeconfig of the Secret works from here, outside of the management cluster's pods. */
export async function untilAnswering(
  { client, folder }: Reached,
  { namespace, name }: ClusterKey,
): Promise<ReleasedWorkload> {
  const subject = { apiVersion: 'v1', kind: 'Secret', namespace, name: `${name}-kubeconfig`, patienceMs }
  const secret = await client.until(subject, found => found?.data?.value !== undefined)
  const kubeconfig = join(folder, `${namespace}-${name}.kubeconfig`)
  await writeFile(kubeconfig, Buffer.from(secret.data?.value ?? '', 'base64'), { mode: 0o600 })
  const kubectl = await kubectlWith(kubeconfig)
  await untilAnswers(kubectl, AbortSignal.timeout(patienceMs))
  return { client: independentClient(kubeconfig), kubectl }
}

/** It cannot be watched, so it is asked. */
async function untilAnswers(kubectl: Kubectl, patience: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await kubectl(['get', '--raw=/readyz', '--request-timeout=5s']).catch((error: Error) => error)
    if (answer === 'ok') return
    if (patience.aborted) throw new Error('The API server does not answer', { cause: answer })
    await delay(100)
  }
}

interface Machines {
  readonly cluster: ClusterKey
  readonly count: number
}

/** The Machines, once they are so many and the Nodes that they became are Ready. */
export async function untilJoined(
  { client }: Reached,
  workload: ReleasedWorkload,
  { cluster: { namespace, name }, count }: Machines,
): Promise<readonly Seen[]> {
  const labelSelector = `cluster.x-k8s.io/cluster-name=${name}`
  const subjects = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine', namespace, labelSelector, patienceMs }
  const nodeOf = ({ status }: Seen): string => status?.nodeRef?.name ?? ''
  const machines = await client.untilAll(subjects, all => all.length === count && all.every(nodeOf))
  for (const node of machines.map(nodeOf)) {
    const subject = { apiVersion: 'v1', kind: 'Node', name: node, patienceMs }
    await workload.client.until(subject, found => is('Ready', found))
  }
  return machines
}

export const is = (condition: string, object: Seen | undefined): boolean =>
  object?.status?.conditions?.some(({ type, status }) => type === condition && status === 'True') ?? false

/** Resolves when the Cluster is gone. */
export async function deleteCluster({ kubectl }: ReleasedStage, { namespace, name }: ClusterKey): Promise<void> {
  const timeout = `--timeout=${patienceMs / 1000}s`
  await kubectl(['delete', 'clusters.cluster.x-k8s.io', name, `--namespace=${namespace}`, timeout])
}
