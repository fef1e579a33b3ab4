// Makes the join token, once: here, then in the workload cluster — shell
import { type BootstrapToken, dataSecret, expirationIn, tokenData, tokenInData } from '@k0smotron-ts/api'
import { awaitChange, guards, type KubeSecret, keyOf, type Shell, secrets, timeText } from '@k0smotron-ts/runtime'
import { attempt, newBootstrapToken, projectToken } from '@k0smotron-ts/runtime/shell'
import { createSecret } from '../data/create-secret.ts'
import { tokenInUserData } from '../data/data-secret.ts'
import { tokenSubjectOf } from '../identity.ts'
import { type Progress, withSecrets } from '../observed.ts'
import { inWorkload, type OpenWorkload, type Ports } from '../workload.ts'
import { isRevoked, joinTokenSecret, unusableSecret } from './join-token.ts'

const { dataSecretAvailable, joinable } = dataSecret

/** What a phase works with. */
export interface Tools {
  readonly shell: Shell
  readonly ports: Ports
  readonly workload: OpenWorkload
}

export interface Minted extends Progress {
  /** Known here and in the workload cluster. Absent: the pass ends here. */
  readonly token?: BootstrapToken
}

/** The Secret that is there wins: a pass that did not get further left it, and a machine may have booted from it. */
export async function mintJoinToken(before: Progress, tools: Tools): Promise<Minted> {
  const { observed } = before
  const stored = observed.secrets.joinToken ? before : await createJoinToken(before, tools.shell, newBootstrapToken())
  return stored.observed.secrets.joinToken ? project(stored, tools) : stored
}

/** A Secret that was deleted comes back with the token that the machine may be booting with: the bootstrap data has it. */
export async function restoreJoinToken(before: Progress, shell: Shell): Promise<Progress> {
  const { joinToken, bootstrap } = before.observed.secrets
  if (joinToken || !bootstrap) return before
  const stored = await shell.client.get(secrets, keyOf(bootstrap)) // the cache knows only that it is there
  const token = stored && tokenInUserData(stored)
  return token ? createJoinToken(before, shell, token, joinable) : before // else made by an earlier operator
}

async function createJoinToken(
  { observed, applied, ...rest }: Progress,
  shell: Shell,
  token: BootstrapToken,
  concerns: string = dataSecretAvailable,
): Promise<Progress> {
  const made = await createSecret(observed, shell, { desired: joinTokenSecret(observed, token), concerns })
  const found = made.result ? { joinToken: made.result } : {}
  return { ...rest, observed: withSecrets(observed, found), applied: [...applied, made.applied] }
}

const attempts = 3

/**
 * Makes the token known in the workload cluster. Where another has its id already, it is minted anew: no machine can
 * have booted with it, for the data is not stored yet.
 */
async function project(before: Progress, { shell, ports, workload }: Tools): Promise<Minted> {
  let progress = before
  for (let round = 0; round < attempts; round++) {
    const { observed } = progress
    const wait = unusableSecret(observed)
    const { joinToken } = observed.secrets
    const token = tokenInData(joinToken?.data)
    if (wait || !joinToken || !token) return { ...progress, wait }
    if (isRevoked(joinToken)) return { ...progress, token } // the machine has joined: it needs no token, only its data
    const { applied, result } = await inWorkload(workload, {
      object: joinToken,
      concerns: dataSecretAvailable,
      write: async () => ({
        live: await projectToken(workload.client, tokenSubjectOf(observed.config), { token, now: observed.now }),
      }),
    })
    progress = { ...progress, applied: [...progress.applied, applied] }
    if (!result) return progress
    if (result.live) {
      ports.tokens.learn(workload.cluster, result.live)
      return { ...progress, token, tokenExpiration: expirationText(result.live) }
    }
    progress = await remint(progress, joinToken, shell)
    if (progress.applied.at(-1)?.error) return progress
  }
  throw new Error(`no free id for a bootstrap token in ${attempts} attempts`)
}

async function remint(progress: Progress, joinToken: KubeSecret, shell: Shell): Promise<Progress> {
  const { applied, result } = await attempt({
    object: joinToken,
    concerns: dataSecretAvailable,
    write: () =>
      shell.patch(secrets, joinToken, {
        operations: [...guards(joinToken), { op: 'replace', path: '/data', value: tokenData(newBootstrapToken()) }],
      }),
  })
  const observed = withSecrets(progress.observed, { joinToken: result ?? joinToken })
  return { ...progress, observed, applied: [...progress.applied, applied], next: awaitChange }
}

/** As `status.joinTokenExpiration` has it. */
export function expirationText({ data }: KubeSecret): string | undefined {
  const end = expirationIn(data)
  return end && timeText(end)
}
