// Makes what is secret, once: the join token here and in the hosted cluster, then the bootstrap data — shell
import { randomInt } from 'node:crypto'
import { clusterNameLabel } from '@k0smotron-ts/api'
import { isAlreadyExists, type KubeSecret, keyOf, type Shell, secrets } from '@k0smotron-ts/runtime'
import { renderDataSecret, tokenInData } from './data-secret.ts'
import { isOurs } from './identity.ts'
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
  return having(observed, { joinToken: await made(observed, shell, joinTokenSecret(observed, newToken())) })
}

/** A Secret that was deleted comes back with the token that the machine may be booting with: the bootstrap data has it. */
export async function restoreJoinToken(observed: Observed, shell: Shell): Promise<Observed> {
  const { joinToken, bootstrap } = observed.secrets
  if (joinToken || !bootstrap) return observed
  const stored = await shell.client.get(secrets, keyOf(bootstrap)) // the cache knows only that it is there
  const token = stored && tokenInData(stored)
  if (!token) return observed // made by an earlier operator
  return having(observed, { joinToken: await made(observed, shell, joinTokenSecret(observed, token)) })
}

/** Create-only. One of ours without the label of the contract is seen neither by us nor by others: it gets it back. */
async function made(observed: Observed, shell: Shell, desired: KubeSecret): Promise<KubeSecret> {
  const live = await shell.mint(secrets, desired)
  const { labels, resourceVersion } = live.metadata
  const wanted = desired.metadata.labels?.[clusterNameLabel] ?? ''
  if (!isOurs(observed, live) || labels?.[clusterNameLabel] === wanted) return live
  return shell.patch(secrets, live, {
    operations: [
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      { op: 'add', path: '/metadata/labels', value: { ...labels, [clusterNameLabel]: wanted } },
    ],
  })
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
  return having(observed, { bootstrap: await made(observed, shell, renderDataSecret(observed, token)) })
}

function having(observed: Observed, found: Secrets): Observed {
  return { ...observed, secrets: { ...observed.secrets, ...found } }
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function newToken(): BootstrapToken {
  const text = (length: number): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return { id: text(6), secret: text(16) }
}
