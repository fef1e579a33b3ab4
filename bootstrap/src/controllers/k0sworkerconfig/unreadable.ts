// A pass that ended at a kind that cannot be read: says so on its config — shell
import { dataSecret, isPaused, type K0sWorkerConfig, k0sWorkerConfig, type ObjectKey } from '@k0smotron-ts/api'
import { type ConditionDraft, kept, type Shell } from '@k0smotron-ts/runtime'

const { dataSecretAvailable, dataSecretReason, joinable, ready, readyReason } = dataSecret

/** What is known stays: that the data is stored, above all. */
export async function reportUnreadable(key: ObjectKey, { read, report }: Shell, message: string): Promise<void> {
  const config = read.get(k0sWorkerConfig, key)
  if (!config || isPaused(undefined, config)) return
  await report(k0sWorkerConfig, config, kept(config.status, conditionsFor(config, message)))
}

function conditionsFor({ status }: K0sWorkerConfig, message: string): ConditionDraft[] {
  const wait = { reason: dataSecretReason.waitingForKind, message }
  if (status?.initialization?.dataSecretCreated) return [{ type: joinable, status: 'Unknown', ...wait }]
  return [
    { type: dataSecretAvailable, status: 'False', ...wait },
    { type: ready, status: 'False', reason: readyReason.notReady, message },
  ]
}
