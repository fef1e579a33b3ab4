// Takes back Secrets of a config that a restore brought without their owner — shell
import { dataSecret } from '@k0smotron-ts/api'
import { guards, type KubeSecret, keyOf, type Shell, secrets } from '@k0smotron-ts/runtime'
import { attempt, isTokenKnown } from '@k0smotron-ts/runtime/shell'
import { hasData, isInUse, ownerReferencesOf, tokenSubjectOf } from '../identity.ts'
import { type Progress, withSecrets } from '../observed.ts'
import { inWorkload, openWorkload, type Ports } from '../workload.ts'
import { isProven, labelledOwnerless, tokenToProve } from './ownerless.ts'

const concerns = dataSecret.dataSecretAvailable

export interface Adopted extends Progress {
  /** The pass ends here: whose a Secret is could not be found out, and there is no data yet. */
  readonly isHindered: boolean
}

/** Costs nothing while they have their owner. Their bytes stay: a machine may be booting from them. */
export async function adopt(before: Progress, shell: Shell, ports: Ports): Promise<Adopted> {
  const { observed } = before
  const { bootstrap } = observed.secrets
  const found = labelledOwnerless(observed)
  if (found.length === 0) return { ...before, isHindered: false }
  const used = bootstrap && isInUse(observed, bootstrap) ? await shell.client.get(secrets, keyOf(bootstrap)) : undefined
  const proven = found.filter(secret => isProven(observed, secret, used))
  if (proven.length > 0) return own(before, shell, proven)
  return proveThere(before, shell, ports)
}

/** A token without data is ours when the workload cluster knows it: our label there is ours alone. */
async function proveThere(before: Progress, shell: Shell, ports: Ports): Promise<Adopted> {
  const { observed } = before
  const { joinToken } = observed.secrets
  const token = tokenToProve(observed)
  if (!joinToken || !token) return { ...before, isHindered: false }
  const workload = openWorkload(observed, ports)
  if (workload.kind === 'closed') return { ...before, wait: workload.wait, next: workload.next, isHindered: true }
  const { applied, result } = await inWorkload(workload, {
    object: joinToken,
    concerns,
    write: async () => ({ isKnown: await isTokenKnown(workload.client, tokenSubjectOf(observed.config), token) }),
  })
  if (!result) return { ...before, applied: [...before.applied, applied], isHindered: true }
  return result.isKnown ? own(before, shell, [joinToken]) : { ...before, isHindered: false }
}

/** Gives them their owner. */
async function own(before: Progress, shell: Shell, proven: readonly KubeSecret[]): Promise<Adopted> {
  const { bootstrap, joinToken } = before.observed.secrets
  const value = ownerReferencesOf(before.observed.config)
  const attempts = await Promise.all(
    proven.map(object => {
      const operations = [...guards(object), { op: 'add' as const, path: '/metadata/ownerReferences', value }]
      return attempt({ object, concerns, write: () => shell.patch(secrets, object, { operations }) })
    }),
  )
  const adopted = (known: KubeSecret | undefined) => known && (attempts[proven.indexOf(known)]?.result ?? known)
  const now = { bootstrap: adopted(bootstrap), joinToken: adopted(joinToken) }
  const observed = withSecrets(before.observed, {
    ...(now.bootstrap && { bootstrap: now.bootstrap }),
    ...(now.joinToken && { joinToken: now.joinToken }),
  })
  const applied = attempts.map(one => one.applied)
  const isRefused = applied.some(({ result }) => result === 'refused')
  return { ...before, observed, applied: [...before.applied, ...applied], isHindered: isRefused && !hasData(observed) }
}
