// Users who mistyped an address, each in a way of his own — shell
import { clusters } from '@k0smotron-ts/api'
import { make } from '../harness/objects.ts'
import { type Arena, initialize, makeMachine, makeNamespace } from './arena.ts'
import { cluster, clusterAt, clusterSecret, controlPlaneAt } from './objects.ts'

/** The address is the endpoint of a Cluster with a control plane of ours; in another namespace, it is in a kubeconfig. */
export const endpointNamespace = (nth: number): string => `address-${nth}`
const kubeconfigNamespace = (nth: number): string => `kubeconfig-${nth}`

export async function mistype(arena: Arena, host: string, nth: number): Promise<void> {
  const { management } = arena
  const { client } = management
  const [own, foreign] = [endpointNamespace(nth), kubeconfigNamespace(nth)]
  for (const namespace of [own, foreign]) {
    await makeNamespace(arena, namespace)
    await make(client, namespace, [clusterAt({ host, port: 6443 })])
    await initialize(management, namespace)
  }
  const owner = await client.get(clusters, { namespace: own, name: cluster })
  if (!owner) throw new Error('the Cluster is gone')
  await make(client, own, [controlPlaneAt({ port: 30443 }, owner)])
  await make(client, foreign, [
    clusterSecret('ca', { 'tls.crt': arena.workload.connection.ca }),
    clusterSecret('kubeconfig', { value: kubeconfigAt(`https://${host}:6443`) }),
  ])
  await makeMachine(management, foreign, 'm')
}

function kubeconfigAt(server: string): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })
}
