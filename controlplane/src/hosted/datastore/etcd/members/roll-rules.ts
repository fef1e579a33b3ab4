// Pods of members that are made anew, because their template has changed — core
import { type Listed, nameOf } from './member-rules.ts'
import { isAnswering, type SeenPod, type Snapshot } from './snapshot.ts'
import { type Finding, take } from './step.ts'

/**
 * Who is away anyhow takes nobody with it. Without a quorum nobody is ready, and only who does not run is away: that there is
 * no quorum may be for the template that it has, and one that runs may be of the last that works.
 */
export function replaceAway({ answers, members, pods }: Snapshot): Finding | undefined {
  const isAway = (ordinal: number, { isReady, isRunning }: SeenPod): boolean =>
    !isReady && (members ? !answers.has(ordinal) : !isRunning)
  const away = [...pods].find(([ordinal, pod]) => pod.isOutdated && isAway(ordinal, pod))
  return away && replace(away)
}

/** When nothing else is to be done: one at a time, only while every member serves, and the leader last. */
export function replaceServing(seen: Listed): Finding | undefined {
  if (!seen.isObserved) return waitToRoll('Kubernetes has not looked at the StatefulSet yet')
  const leads = (ordinal: number): number => (seen.answers.get(ordinal)?.isLeader ? 1 : 0)
  const [next] = [...seen.pods]
    .filter(([, { isOutdated }]) => isOutdated)
    .toSorted(([one], [other]) => leads(one) - leads(other) || other - one)
  if (!next) return undefined
  const away = seen.members.find(one => !isAnswering(seen, one) || !seen.pods.get(one.ordinal ?? -1)?.isReady)
  if (away) return waitToRoll(`no pod of an older template is replaced before ${nameOf(away)} is ready`)
  const [ordinal, { budgetWait }] = next
  return budgetWait === undefined ? replace(next) : waitToRoll(`the pod of member ${ordinal} waits for ${budgetWait}`)
}

function waitToRoll(message: string): Finding {
  return { kind: 'wait', message, isRoll: true }
}

function replace([ordinal, { uid }]: readonly [number, SeenPod]): Finding {
  return take({ kind: 'replacePod', ordinal, uid })
}
