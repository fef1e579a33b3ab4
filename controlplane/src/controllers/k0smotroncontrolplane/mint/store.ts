// Stores one Secret and learns from the answer — shell
import { ApiError, type Applied, type KubeSecret, type Shell, secrets } from '@k0smotron-ts/runtime'
import type { Observed } from '../../../hosted/observed.ts'

/** What became of a Secret, and how the snapshot changes by it; what the Secret holds is left to whoever reads facts. */
export interface Stored {
  readonly applied: Applied
  readonly learn: (observed: Observed) => Observed
}

interface Storing {
  readonly secret: KubeSecret
  /** The live copy that it replaces; absent: it is created, and what is there already wins. */
  readonly replaces?: KubeSecret | undefined
  readonly purpose: keyof Observed['secrets']
}

/** A refusal is kept for the condition of the phase that needs the Secret; the pass goes on. */
export async function store(shell: Shell, { secret, replaces, purpose }: Storing): Promise<Stored> {
  try {
    const live = await write(shell, secret, replaces)
    return {
      applied: { object: secret, result: 'applied' },
      learn: observed => ({ ...observed, secrets: { ...observed.secrets, [purpose]: live } }),
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return refusal(secret, error)
  }
}

/** The Secret could not be stored: the condition of the phase that needs it says why. */
export function refusal(secret: KubeSecret, error: Error): Stored {
  const { name = '' } = secret.metadata
  return {
    applied: { object: secret, result: 'refused', error },
    learn: observed => ({ ...observed, refusedSecrets: { ...observed.refusedSecrets, [name]: error.message } }),
  }
}

function write(shell: Shell, secret: KubeSecret, replaces: KubeSecret | undefined): Promise<KubeSecret> {
  if (!replaces) return shell.mint(secrets, secret)
  const { uid, resourceVersion } = replaces.metadata
  const metadata = { ...secret.metadata, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
  return shell.renew(secrets, { ...secret, metadata })
}
