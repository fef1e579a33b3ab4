// What wakes a K0smotronControlPlane — core
import { type Cluster, clusters, type K0smotronControlPlane, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Wake, wakeOn } from '@k0smotron-ts/runtime'
import { concernedBy } from '../../hosted/wakes/concerned.ts'
import { hostedWakes } from '../../hosted/wakes/wakes.ts'
import { clusterNameOf } from './snapshot.ts'

const hosted = {
  type: k0smotronControlPlane,
  clusterNameOf: (controlPlane: K0smotronControlPlane) => clusterNameOf({ controlPlane }),
  specOf: ({ spec }: K0smotronControlPlane) => spec,
}

export function wakesOf(namespace: string | undefined): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
  return [
    ...hostedWakes(hosted, namespace),
    wakeOn<Cluster>({ ...within, type: clusters, mayComeLater: true }, concernedBy(k0smotronControlPlane).byName),
  ]
}
