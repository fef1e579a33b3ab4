// Every attack, for whoever measures them — shell
import type { Arena } from './arena.ts'
import type { Attacked } from './attack.ts'
import { behaviours } from './behaviours.ts'
import { beginHostileCluster } from './cluster.ts'
import { beginManyClusters, crowds } from './many-clusters.ts'
import { mistype } from './mistyped.ts'
import { beginRefusals } from './policy.ts'
import {
  crowdCount,
  referrers,
  storeCrowd,
  storeLargeSecrets,
  storeReferrer,
  storeWaiting,
  storeWideConfigs,
  waitingCount,
} from './tenant.ts'
import { wrongAddresses } from './wrong-addresses.ts'

export interface Attack extends Omit<Attacked, 'begin'> {
  /** For a person to read. */
  readonly what: string
  /** The managers are started anew for it: what it is compared with begins with a start too. */
  readonly isAtStart?: boolean
  /** Resolves while it goes on; what it gives ends it. */
  readonly begin: (arena: Arena) => Promise<AsyncDisposable>
}

/** There is nothing to end: what a tenant stored stays. */
const stored =
  (store: (arena: Arena) => Promise<unknown>): Attack['begin'] =>
  async arena => {
    await store(arena)
    return new AsyncDisposableStack()
  }

const large = 'large'

export const attacks: readonly Attack[] = [
  ...behaviours.map((behaviour, nth): Attack => {
    const name = `attacker-${nth}`
    return { what: behaviour.name, name, begin: arena => beginHostileCluster(arena, name, behaviour) }
  }),
  ...crowds.map((crowd, nth): Attack => {
    const name = `many-${nth}`
    return { what: crowd.what, name, namespace: `${name}-0`, begin: arena => beginManyClusters(arena, name, crowd) }
  }),
  {
    what: 'a policy that refuses in other words each time',
    name: 'unrefused',
    namespace: 'refused',
    begin: arena => beginRefusals(arena, 'refused'),
  },
  {
    what: '100 Secrets of 1 MiB',
    name: large,
    isAtStart: true,
    begin: stored(arena => storeLargeSecrets(arena, large)),
  },
  ...referrers.map(
    (referrer): Attack => ({
      what: referrer.what,
      name: referrer.name,
      namespace: large,
      begin: stored(arena => storeReferrer(arena, large, referrer)),
    }),
  ),
  {
    what: `${waitingCount} configs that wait for many Secrets`,
    name: 'waiting',
    begin: stored(arena => storeWaiting(arena, 'waiting')),
  },
  { what: 'configs of 900 KiB', name: 'wide', begin: stored(arena => storeWideConfigs(arena, 'wide')) },
  {
    what: `${crowdCount} configs at a start`,
    name: 'crowd',
    isAtStart: true,
    begin: stored(arena => storeCrowd(arena, 'crowd')),
  },
  {
    what: `${wrongAddresses.length} wrong addresses`,
    name: 'addresses',
    begin: stored(async arena => {
      for (const [nth, host] of wrongAddresses.entries()) await mistype(arena, host, nth)
    }),
  },
]
