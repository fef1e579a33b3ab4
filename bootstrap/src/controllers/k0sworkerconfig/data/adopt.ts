// Takes back Secrets of a config that a restore brought without their owner — shell
import { dataSecret } from '@k0smotron-ts/api'
import { guards, type KubeSecret, keyOf, type Shell, secrets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { ownerReferencesOf } from '../identity.ts'
import { type Progress, withSecrets } from '../observed.ts'
import { isProven, labelledOwnerless } from './ownerless.ts'

/** Costs nothing while they have their owner. Their bytes stay: a machine may be booting from them. */
export async function adopt(before: Progress, shell: Shell): Promise<Progress> {
  const { observed } = before
  const found = labelledOwnerless(observed)
  if (found.length === 0) return before
  const { bootstrap, joinToken } = observed.secrets
  const data = bootstrap && (await shell.client.get(secrets, keyOf(bootstrap)))
  const proven = found.filter(secret => isProven(observed, secret, data))
  const value = ownerReferencesOf(observed.config)
  const attempts = await Promise.all(
    proven.map(secret =>
      attempt({
        object: secret,
        concerns: dataSecret.dataSecretAvailable,
        write: () =>
          shell.patch(secrets, secret, {
            operations: [...guards(secret), { op: 'add', path: '/metadata/ownerReferences', value }],
          }),
      }),
    ),
  )
  const adopted = (known: KubeSecret | undefined) => known && (attempts[proven.indexOf(known)]?.result ?? known)
  const now = { bootstrap: adopted(bootstrap), joinToken: adopted(joinToken) }
  return {
    ...before,
    observed: withSecrets(observed, {
      ...(now.bootstrap && { bootstrap: now.bootstrap }),
      ...(now.joinToken && { joinToken: now.joinToken }),
    }),
    applied: [...before.applied, ...attempts.map(({ applied }) => applied)],
  }
}
