// Quotas, policies and webhooks of admission are in force a moment after they are stored — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { ApiError, type Client, keyOf } from '@k0smotron-ts/runtime'

/** Resolves when the API server refuses such an object; until then it is made, and deleted again. */
export async function untilRefused<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  trial: T,
): Promise<void> {
  while (await isTaken(client, type, trial));
}

async function isTaken<T extends KubeObject>(client: Client, type: ResourceType<T>, trial: T): Promise<boolean> {
  try {
    await client.create(type, trial)
  } catch (error) {
    // a webhook that cannot be asked is an internal error
    if (error instanceof ApiError && (error.reason === 'Forbidden' || error.code === 500)) return false
    throw error
  }
  await client.delete(type, keyOf(trial))
  return true
}
