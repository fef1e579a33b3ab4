// Makes what is secret, once: the join token here and in the hosted cluster, then the bootstrap data — shell
import { randomInt } from 'node:crypto'
import { isAlreadyExists, type KubeSecret, keyOf, type Shell, secrets } from '@k0smotron-ts/runtime'
import { renderDataSecret } from './data-secret.ts'
import {
  type BootstrapToken,
  configLabel,
  configLabelOf,
  isRevoked,
  joinTokenSecret,
  parseJoinToken,
  tokenData,
  workloadToken,
} from './join-token.ts'
import type { Observed, Secrets } from './observed.ts'
import { inWorkload, type OpenWorkload, type Surroundings } from './workload.ts'

/** The Secret that is there wins: a pass that did not get further left it, and a machine may have booted from it. */
export async function mintJoinToken(observed: Observed, shell: Shell): Promise<Observed> {
  if (observed.secrets.joinToken) return observed
  return having(observed, { joinToken: await shell.mint(secrets, joinTokenSecret(observed, newToken())) })
}

const attempts = 3

/**
 * Makes the token known in the hosted cluster. Where another has its id already, it is minted anew: no machine can have
 * booted with it, for the data is not stored yet.
 */
export async function projectToken(before: Observed, shell: Shell, hosted: Hosted): Promise<Observed> {
  let observed = before
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { joinToken } = observed.secrets
    const token = joinToken && parseJoinToken(joinToken)
    if (!token || isRevoked(joinToken)) return observed // the machine has joined: it needs no token, only its data
    if (await project(observed, token, hosted)) return observed
    observed = having(observed, { joinToken: await remint(joinToken, shell) })
  }
  throw new Error(`no free id for a bootstrap token in ${attempts} attempts`)
}

export interface Hosted extends Pick<Surroundings, 'tokens'> {
  readonly workload: OpenWorkload
}

/** One that is there already is fine. False: its id is someone else's. */
export async function project(
  observed: Observed,
  token: BootstrapToken,
  { workload, tokens }: Hosted,
): Promise<boolean> {
  const { client, cluster } = workload
  const desired = workloadToken(observed, token)
  return inWorkload(workload, async () => {
    try {
      tokens.learn(cluster, await client.create(secrets, desired))
      return true
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const live = await client.get(secrets, keyOf(desired))
      if (!live) throw error // gone in between: the next pass makes it
      const isSame = live.data?.['token-secret'] === desired.data?.['token-secret']
      return isSame && live.metadata.labels?.[configLabel] === configLabelOf(observed.config)
    }
  })
}

function remint(joinToken: KubeSecret, shell: Shell): Promise<KubeSecret> {
  return shell.patch(secrets, joinToken, {
    operations: [
      { op: 'test', path: '/metadata/resourceVersion', value: joinToken.metadata.resourceVersion },
      { op: 'replace', path: '/data', value: tokenData(newToken()) },
    ],
  })
}

/** Create-only: a machine may be booting from what is there. */
export async function mintData(observed: Observed, shell: Shell): Promise<Observed> {
  const token = observed.secrets.joinToken && parseJoinToken(observed.secrets.joinToken)
  if (!token) throw new TypeError('no bootstrap data without a join token')
  return having(observed, { bootstrap: await shell.mint(secrets, renderDataSecret(observed, token)) })
}

function having(observed: Observed, found: Secrets): Observed {
  return { ...observed, secrets: { ...observed.secrets, ...found } }
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function newToken(): BootstrapToken {
  const text = (length: number): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return { id: text(6), secret: text(16) }
}
