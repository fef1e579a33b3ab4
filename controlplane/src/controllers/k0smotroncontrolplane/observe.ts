// Reads everything that one pass decides on — shell
import { clusters, k0smotronControlPlane, type ObjectKey, ownerOfKind } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { observeHosted } from '../../hosted/observe.ts'
import type { Infrastructure } from '../../infrastructure/infrastructure.ts'
import { knownInfrastructure } from '../../infrastructure/infrastructure-kind.ts'
import type { HostedControllerDeps } from '../hosted-controller.ts'
import { hostedInput, type Roots, type Snapshot } from './snapshot.ts'

/** What does not come out of the cache. */
export interface Dependencies extends HostedControllerDeps {
  readonly infrastructure: Infrastructure
}

/** `undefined`: the control plane is gone. Costs no request while nothing is out of the ordinary. */
export async function observe(key: ObjectKey, shell: Shell, deps: Dependencies): Promise<Snapshot | undefined> {
  const { read } = shell
  const controlPlane = read.get(k0smotronControlPlane, key)
  if (!controlPlane) return undefined
  const owner = ownerOfKind(controlPlane, 'Cluster')
  const named = owner && read.get(clusters, { ...key, name: owner.name })
  // another Cluster of that name is not the owner
  const cluster = named?.metadata.uid === owner?.uid ? named : undefined
  const roots: Roots = { controlPlane, ...(cluster && { cluster }) }
  const found = await deps.infrastructure.observe(roots, shell)
  const input = hostedInput(roots, found?.infrastructure && knownInfrastructure(found.infrastructure))
  return { ...roots, ...found, hosted: await observeHosted(input, shell, deps) }
}
