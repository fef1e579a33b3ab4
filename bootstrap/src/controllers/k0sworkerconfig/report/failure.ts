// A pass that ended before it reported anything: says so on its config — shell
import {
  clusterNameLabel,
  clusters,
  dataSecret,
  isPaused,
  type K0sWorkerConfig,
  k0sWorkerConfig,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { beside, type ConditionDraft, type Failure, type Reader, type Shell, type Wait } from '@k0smotron-ts/runtime'
import { reportBesideKnown } from '@k0smotron-ts/runtime/shell'

const { dataSecretAvailable, joinable, ready, readyReason } = dataSecret

/** What is known stays: that the data is stored, above all. */
export async function reportFailure(key: ObjectKey, shell: Shell, { reason, message, words }: Failure): Promise<void> {
  const config = shell.read.get(k0sWorkerConfig, key)
  if (!config || isPaused(clusterOf(config, shell.read), config)) return
  const conditions = conditionsFor(config, { reason, message })
  await reportBesideKnown(shell, { type: k0sWorkerConfig, object: config }, { conditions, words })
}

/** By its label: the owner may be what cannot be read. */
function clusterOf(config: K0sWorkerConfig, read: Reader) {
  const name = config.metadata.labels?.[clusterNameLabel]
  if (name === undefined || read.unreadable(clusters)) return undefined
  return read.get(clusters, beside(config, name))
}

function conditionsFor({ status }: K0sWorkerConfig, wait: Wait): readonly [ConditionDraft, ...ConditionDraft[]] {
  if (status?.initialization?.dataSecretCreated) return [{ type: joinable, status: 'Unknown', ...wait }]
  return [
    { type: dataSecretAvailable, status: 'False', ...wait },
    { type: ready, status: 'False', reason: readyReason.notReady, message: wait.message },
  ]
}
