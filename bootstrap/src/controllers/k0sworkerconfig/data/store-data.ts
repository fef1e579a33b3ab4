// Stores the bootstrap data: waits for what it needs, makes the join token, renders, creates — shell
import { dataSecret } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { hasData } from '../identity.ts'
import { readFiles } from '../input/files.ts'
import { inputOf } from '../input/input.ts'
import { isWait } from '../input/parts.ts'
import { type Progress, withSecrets } from '../observed.ts'
import { joinTokenText, unusableSecret } from '../token/join-token.ts'
import { mintJoinToken } from '../token/mint.ts'
import { openWorkload, type Ports } from '../workload.ts'
import { createSecret } from './create-secret.ts'
import { renderDataSecret } from './data-secret.ts'
import { dataFitsCondition, dataSize, tooLarge } from './data-size.ts'

const { dataSecretAvailable } = dataSecret

/** Create-only: a machine may be booting from what is there. */
export async function storeData(began: Progress, shell: Shell, ports: Ports): Promise<Progress> {
  const { observed } = began
  if (hasData(observed)) return { ...began, isStored: true }
  const input = inputOf(observed)
  if (isWait(input)) return { ...began, wait: input } // whatever is waited for is watched; nothing here polls
  const read = await readFiles(observed, shell)
  if ('wait' in read) return { ...began, ...read }
  const workload = openWorkload(observed, ports)
  if (workload.kind === 'closed') return { ...began, wait: workload.wait, next: workload.next }

  const minted = await mintJoinToken(began, { shell, ports, workload })
  if (!minted.token) return minted
  const joinToken = joinTokenText(input, minted.token)
  const desired = renderDataSecret(minted.observed, { ...input.worker, files: read.files, joinToken })
  const wait = tooLarge(desired, read.files)
  if (wait) return { ...minted, wait }
  const { applied, result } = await createSecret(minted.observed, shell, { desired, concerns: dataSecretAvailable })
  const stored = withSecrets(minted.observed, result ? { bootstrap: result } : {})
  return {
    ...minted,
    observed: stored,
    applied: [...minted.applied, applied],
    isStored: hasData(stored),
    wait: unusableSecret(stored),
    dataFits: dataFitsCondition(stored, dataSize(desired)),
  }
}
