// Creates what is secret, once, and renews what nears its end — shell
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { KubeSecret, Shell } from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { ownObject } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import type { ReadFacts } from '../../pki/secret-facts.ts'
import { authoritiesToStore, leavesToStore } from './mint-certificates.ts'
import { kubeconfigToStore } from './mint-kubeconfig.ts'
import { type Storing, store } from './store.ts'

const { certificatesAvailable, kubeconfigAvailable } = controlPlaneCondition

const parts = [
  { wanted: authoritiesToStore, concerns: certificatesAvailable },
  { wanted: leavesToStore, concerns: certificatesAvailable },
  { wanted: kubeconfigToStore, concerns: kubeconfigAvailable },
]

/**
 * Each part needs what the one before stored: authorities sign leaves, and the cluster's authority signs the kubeconfig.
 * What cannot be issued is told by the condition that needs it. Names are fixed and creation never overwrites, so a repeated or interrupted pass leaks nothing.
 */
export async function mint(before: Observed, shell: Shell, readFacts: ReadFacts): Promise<Step<Observed>> {
  let step: Step<Observed> = { observed: before, applied: [] }
  for (const { wanted, concerns } of parts) {
    const { observed } = step
    const object = ownObject(observed)
    const { applied, result: storing = [] } = await attempt({ object, concerns, write: () => wanted(observed) })
    if (applied.result === 'refused') step = { ...step, applied: [...step.applied, applied] }
    if (storing.length > 0) step = await storeAll(step, shell, { storing, readFacts })
  }
  return step
}

interface Minting {
  readonly storing: readonly Storing[]
  readonly readFacts: ReadFacts
}

async function storeAll(
  { observed, applied }: Step<Observed>,
  shell: Shell,
  { storing, readFacts }: Minting,
): Promise<Step<Observed>> {
  const attempts = await Promise.all(storing.map(one => store(observed, shell, one)))
  const stored = storing.flatMap(({ purpose }, index): [string, KubeSecret][] => {
    const live = attempts[index]?.result
    return live ? [[purpose, live]] : []
  })
  const known = { ...observed, secrets: { ...observed.secrets, ...Object.fromEntries(stored) } }
  return {
    observed: { ...known, ...readFacts(known) },
    applied: [...applied, ...attempts.map(one => one.applied)],
  }
}
