// The members of all control planes, asked beside passes, and changed one step at a time — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { type Applied, type Clock, type Logger, printKey, type Shell } from '@k0smotron-ts/runtime'
import type { DatastoreMembers } from '../../../observe.ts'
import type { Observed } from '../../../observed.ts'
import { placeOf } from '../config.ts'
import { AskedAlone } from './asked-alone.ts'
import { AskedMembers, type AskedMembersDeps } from './asked-members.ts'
import { carryOut } from './carry-out.ts'
import { planMembers } from './plan.ts'
import { Questions } from './questions.ts'
import { membersSeen } from './seen.ts'
import { planSeen } from './standing.ts'
import { isOfEtcd } from './step.ts'

export interface DatastoreMembersDeps {
  /** Of one control plane. */
  readonly connect: () => AskedMembersDeps['connections']
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly wake: (key: ObjectKey) => void
  /** The pass of the key waits for its members, until the answer is called: it takes no worker meanwhile. */
  readonly away: (key: ObjectKey) => () => void
}

export function createDatastoreMembers(deps: DatastoreMembersDeps): DatastoreMembers & { readonly close: () => void } {
  const [several, alone] = [new Map<string, AskedMembers>(), new Map<string, AskedAlone>()]
  const of = <T>(known: Map<string, T>, { owner }: Observed, make: (deps: AskedMembersDeps) => T): T => {
    const key = { namespace: owner.namespace, name: owner.name }
    const id = idOf(key)
    const asked = known.get(id) ?? make({ ...deps, connections: deps.connect(), wake: () => deps.wake(key) })
    known.set(id, asked)
    return asked
  }
  const questions = new Questions()
  const ofSeveral = (observed: Observed) => of(several, observed, one => new AskedMembers(one))
  const ofAlone = (observed: Observed) => of(alone, observed, one => new AskedAlone({ ...one, questions }))
  return {
    ask: observed => {
      const isAlone = !observed.datastore.hasSeveralMembers(observed)
      end(isAlone ? several : alone, observed.owner)
      return (isAlone ? ofAlone(observed) : ofSeveral(observed)).answerTo(observed)
    },
    stopAsking: key => {
      for (const asked of [several, alone]) end(asked, key)
    },
    change: (observed, shell) => change(observed, { asked: ofSeveral, shell, away: deps.away }),
    close: () => {
      for (const asked of [several, alone]) {
        for (const one of asked.values()) one.close()
        asked.clear()
      }
    },
  }
}

function idOf({ namespace, name }: ObjectKey): string {
  return printKey({ ...(namespace !== undefined && { namespace }), name })
}

function end(asked: Map<string, { readonly close: () => void }>, key: ObjectKey): void {
  const id = idOf(key)
  asked.get(id)?.close()
  asked.delete(id)
}

interface Changing {
  readonly asked: (observed: Observed) => AskedMembers
  readonly shell: Shell
  readonly away: DatastoreMembersDeps['away']
}

/**
 * What the plan was made from may be old by now, and a step that was right then may take a quorum away: etcd is asked once
 * more, after everything else that was seen, and says the same, or nothing is done.
 */
async function change(observed: Observed, { asked, shell, away }: Changing): Promise<readonly Applied[]> {
  const [plan, seen] = [planSeen(observed), membersSeen(observed)]
  if (plan?.kind !== 'step' || !seen) return []
  const { step } = plan
  const back = away(observed.owner)
  try {
    const members = asked(observed)
    const now = await members.askNow(observed)
    const again = planMembers({ ...withoutList(seen), ...now })
    const isSame =
      again.kind === 'step' && JSON.stringify([again.step, now.members]) === JSON.stringify([step, seen.members])
    if (!isSame) return []
    if (!isOfEtcd(step)) return await carryOut(observed, step, shell)
    shell.log.info({ step }, 'Changing the members of etcd')
    await members.take(step, ordinal => placeOf(observed, ordinal).peerURL)
    return []
  } finally {
    back()
  }
}

function withoutList<T extends { readonly members?: unknown }>({ members: _, ...rest }: T): Omit<T, 'members'> {
  return rest
}
