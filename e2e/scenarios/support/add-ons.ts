// What k0s itself deploys into a workload cluster: who it is, and whether the newest pod has been at it — shell
import { apply, type Kubectl } from '@k0smotron-ts/hack/testenv'
import { expect, vi } from 'vitest'
import { patienceMs } from '../../harness/cluster.ts'
import type { Workload } from '../../harness/workload.ts'

/** k0s applies each folder of its manifests as a stack, and deletes what has the stack's label and is not in its files. */
const label = 'k0s.k0sproject.io/stack'

/** What k0s deploys: to ask for every kind that there is fails while nobody is behind the API of metrics. */
const kinds = [
  'apiservices.apiregistration.k8s.io',
  'clusterrolebindings',
  'clusterroles',
  'configmaps',
  'customresourcedefinitions',
  'daemonsets',
  'deployments',
  'poddisruptionbudgets',
  'rolebindings',
  'roles',
  'secrets',
  'serviceaccounts',
  'services',
]

interface Labelled {
  readonly kind: string
  readonly metadata: {
    readonly namespace?: string
    readonly name: string
    readonly uid: string
    readonly labels: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
}

/** The UID of every object of a stack, by its name. */
export async function addOnsOf({ kubectl }: Workload): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(
    (await labelled(kubectl)).map(({ kind, metadata: { namespace = '', name, uid, deletionTimestamp } }) => [
      `${kind} ${namespace}/${name}`,
      `${uid}${deletionTimestamp ? ' is being deleted' : ''}`,
    ]),
  )
}

/** Resolves when each of these stacks has something in the cluster. */
export async function untilDeployed({ kubectl }: Workload, stacks: readonly string[]): Promise<void> {
  const deployed = async (): Promise<void> => {
    const found = (await labelled(kubectl)).map(({ metadata }) => metadata.labels[label])
    expect(found).toEqual(expect.arrayContaining([...stacks]))
  }
  await vi.waitFor(deployed, waiting)
}

const waiting = { timeout: patienceMs, interval: 500 }

async function labelled(kubectl: Kubectl): Promise<readonly Labelled[]> {
  const args = ['get', kinds.join(','), '--all-namespaces', `--selector=${label}`, '--output=json']
  const { items } = JSON.parse(await kubectl(args)) as { readonly items: readonly Labelled[] }
  return items
}

/** An object in each stack that is in none of its files: the next time that k0s applies the stack, it is gone. */
export async function layBait({ kubectl }: Workload, stacks: readonly string[]): Promise<void> {
  const baits = stacks.map(stack => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `bait-${stack.replaceAll('_', '-')}`,
      namespace: 'default',
      labels: { [label]: stack, bait: '' },
    },
  }))
  await apply(kubectl, ...baits)
}

/** Resolves when k0s has applied every stack since the bait was laid. */
export async function untilBaitIsTaken({ kubectl }: Workload): Promise<void> {
  const taken = async (): Promise<void> =>
    expect(await kubectl(['get', 'configmaps', '--selector=bait', '--output=name'])).toBe('')
  await vi.waitFor(taken, waiting)
}
