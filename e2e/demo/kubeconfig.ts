// One kubeconfig for several clusters — core
import { type Connection, printKubeconfig } from '@k0smotron-ts/hack/testenv'
import { dump, load } from 'js-yaml'

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: object }]
  readonly users: readonly [{ readonly user: object }]
}

/** A context for each connection, named as given; the first one is the current one. */
export function kubeconfigOf(connections: Readonly<Record<string, Connection>>): string {
  const named = Object.entries(connections).map(([name, connection]) => {
    const { clusters, users } = load(printKubeconfig(connection)) as Kubeconfig
    return { name, cluster: clusters[0].cluster, user: users[0].user }
  })
  return dump(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: named.map(({ name, cluster }) => ({ name, cluster })),
      users: named.map(({ name, user }) => ({ name, user })),
      contexts: named.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
      'current-context': named[0]?.name,
    },
    { lineWidth: -1, noRefs: true },
  )
}
