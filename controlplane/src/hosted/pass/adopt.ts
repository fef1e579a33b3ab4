// Takes back what a restore brought without its owner — shell
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import {
  type Applied,
  controllerReference,
  type GuardedPatch,
  guards,
  keyOf,
  NotOursError,
  type Shell,
  secrets,
  takenOver,
} from '@k0smotron-ts/runtime'
import { type Attempt, attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { type Ownerless, ownerlessParts, ownerlessSecrets } from '../adoption.ts'
import { withFacts } from '../facts/facts.ts'
import { fieldManager, isConfig } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { type Part, withParts } from '../owned.ts'
import type { ReadFacts } from '../pki/secret-facts.ts'

/**
 * Before anything is minted or rendered: what is there already decides about both. First the parts, for a StatefulSet
 * tells which authority a Secret has to hold. Costs nothing while everything has its owner.
 */
export async function adopt(before: Observed, shell: Shell, readFacts: ReadFacts): Promise<Step<Observed>> {
  let step: Step<Observed> = { observed: before, applied: [] }
  for (const found of [ownerlessParts, ownerlessSecrets]) {
    const ownerless = found(step.observed)
    if (ownerless.length === 0) continue
    const attempts = await Promise.all(ownerless.map(one => adoptOne(step.observed, shell, one)))
    const adopted = ownerless.flatMap(({ type }, index) => {
      const object = attempts[index]?.result
      return object ? [{ type, object }] : []
    })
    const applied = [...step.applied, ...attempts.map(one => one.applied)]
    step = { observed: withAdopted(step.observed, adopted, readFacts), applied }
    if (isHindered(step.applied)) return step
  }
  return step
}

/**
 * Then nothing else may be done: what is not known to be ours would be made a second time. Not by a configuration: anybody
 * can make any number of them that no pod needs, and one that is needed is refused again when it is applied.
 */
export function isHindered(applied: readonly Applied[]): boolean {
  return applied.some(({ object, result }) => result === 'refused' && !isConfig(object))
}

function adoptOne({ owner }: Observed, shell: Shell, { type, object, unfit }: Ownerless): Promise<Attempt<KubeObject>> {
  const reference = controllerReference(owner.type, { metadata: owner })
  return attempt({
    object,
    concerns: controlPlaneCondition.available,
    write: async () => {
      if (unfit !== undefined) throw new NotOursError(object, unfit)
      const added = { op: 'add' as const, path: '/metadata/ownerReferences', value: [reference] }
      // of the object as it was judged: one that somebody else has taken meanwhile is his
      const operations = [...guards(object), added, ...(await takingFields(shell, { type, object }))]
      return shell.patch(type, object, { operations })
    },
  })
}

/** The cache does not know whose fields they are. Secrets are never applied. */
async function takingFields({ client }: Shell, { type, object }: Part): Promise<GuardedPatch['operations']> {
  const live = type === secrets ? undefined : await client.get(type, keyOf(object))
  return live ? [{ op: 'add', path: '/metadata/managedFields', value: takenOver(live, fieldManager) }] : []
}

/** The snapshot in which they have their owner. */
function withAdopted(observed: Observed, adopted: readonly Part[], readFacts: ReadFacts): Observed {
  const keys = adopted.flatMap(({ type, object }) =>
    type === secrets ? [[object.metadata.name, object] as const] : [],
  )
  const byName = new Map(keys)
  const held = Object.entries(observed.secrets).map(([purpose, secret]) => [
    purpose,
    byName.get(secret.metadata.name) ?? secret,
  ])
  const known = withFacts({ ...observed, ...withParts(observed, adopted), secrets: Object.fromEntries(held) })
  return { ...known, ...readFacts(known) }
}
