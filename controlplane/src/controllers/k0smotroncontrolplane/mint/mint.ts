// Creates what is secret, once, and renews what nears its end — shell
import type { Applied, Shell } from '@k0smotron-ts/runtime'
import type { Observed } from '../../../hosted/observed.ts'
import type { ReadFacts } from '../../../hosted/pki/secret-facts.ts'
import { mintAuthorities, mintLeaves } from './certificates.ts'
import { mintKubeconfig } from './kubeconfig.ts'
import type { Stored } from './store.ts'

export interface Minted {
  /** The snapshot with what is stored now. */
  readonly observed: Observed
  readonly applied: readonly Applied[]
}

/**
 * Each step needs what the one before stored: authorities sign leaves, and the cluster's authority signs the kubeconfig.
 * Names are fixed and creation never overwrites, so a repeated or interrupted pass leaks nothing.
 */
export async function mint(observed: Observed, shell: Shell, readFacts: ReadFacts): Promise<Minted> {
  let minted: Minted = { observed, applied: [] }
  for (const step of [mintAuthorities, mintLeaves, mintKubeconfig]) {
    const stored = await step(minted.observed, shell)
    if (stored.length > 0) minted = merged(minted, stored, readFacts)
  }
  return minted
}

function merged({ observed, applied }: Minted, stored: readonly Stored[], readFacts: ReadFacts): Minted {
  const learnt = stored.reduce((known, { learn }) => learn(known), observed)
  return {
    observed: { ...learnt, ...readFacts(learnt) },
    applied: [...applied, ...stored.map(one => one.applied)],
  }
}
