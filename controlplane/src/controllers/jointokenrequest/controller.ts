// The controller of JoinTokenRequest — shell
import { isPaused, joinTokenRequest, type ObjectKey } from '@k0smotron-ts/api'
import type { Controller, Failure, Outside, Shell } from '@k0smotron-ts/runtime'
import { guardedTransport, type ProviderParts, reportBesideKnown, WorkloadPool } from '@k0smotron-ts/runtime/shell'
import { reconcile } from './reconciler.ts'
import { conditionOf } from './report.ts'
import { wakesOf } from './wakes.ts'

export function createJoinTokenRequestController(parts: ProviderParts, userAgent: string): Controller {
  const { clock, random, log, flags, managementHost: management } = parts
  // nothing runs before `listen`
  let wakeNow: (key: ObjectKey) => void = () => undefined
  let outsideNow: Outside = { away: () => () => undefined, invite: () => undefined }
  const workloads = new WorkloadPool({
    userAgent,
    clock,
    random,
    log,
    wake: key => wakeNow(key),
    invite: key => outsideNow.invite(key),
    away: key => outsideNow.away(key),
    transport: guardedTransport({ allowed: flags.allowWorkloadAddresses, management }),
    asksWhileReady: false,
  })
  return {
    name: 'jointokenrequest',
    primary: joinTokenRequest,
    wakes: wakesOf(flags.namespace),
    listen: (wake, signal, outside) => {
      wakeNow = wake
      outsideNow = outside
      signal.addEventListener('abort', () => void workloads.close(), { once: true })
    },
    reconcile: async (key, shell) => {
      try {
        return await reconcile(key, shell, { workloads, ways: flags.hostedApi })
      } finally {
        workloads.passOver(key)
      }
    },
    reportFailure,
  }
}

/** A pass ended before it reported anything. */
async function reportFailure(key: ObjectKey, shell: Shell, { reason, message, words }: Failure): Promise<void> {
  const object = shell.read.get(joinTokenRequest, key)
  if (!object || isPaused(undefined, object)) return
  const condition = conditionOf({ reason, message })
  await reportBesideKnown(shell, { type: joinTokenRequest, object }, { conditions: [condition], words })
}
