// Machines that exist only in a test, which decides what becomes of them — shell
import type { Bootstrap, Machines } from '../../lab-provider/index.ts'

export interface RecordedMachines extends Machines {
  /** The provider ID of each machine that was ever switched on, as often as it was. */
  readonly started: readonly string[]
  /** Host name and user data of those that are on. */
  running(): Readonly<Record<string, string>>
  /** What cloud-init of a machine says. */
  say(providerID: string, bootstrap: Bootstrap): void
}

export function recordedMachines(): RecordedMachines {
  const present = new Map<string, { hostname: string; text: string; bootstrap?: Bootstrap }>()
  const started: string[] = []
  const listeners = new Set<(providerID: string) => void>()
  return {
    started,
    running: () => Object.fromEntries([...present.values()].map(({ hostname, text }) => [hostname, text])),
    say: (providerID, bootstrap) => {
      const machine = present.get(providerID)
      if (machine) machine.bootstrap = bootstrap
      for (const tell of listeners) tell(providerID)
    },
    find: ({ providerID }) => {
      const machine = present.get(providerID)
      if (!machine) return undefined
      const { hostname, bootstrap } = machine
      return { addresses: [{ type: 'Hostname', address: hostname }], ...(bootstrap && { bootstrap }) }
    },
    powerOn: ({ providerID, hostname, userData }) => {
      started.push(providerID)
      present.set(providerID, { hostname, text: Buffer.from(userData).toString() })
      return Promise.resolve()
    },
    remove: ({ providerID }) => {
      present.delete(providerID)
      return Promise.resolve()
    },
    follow: (tell, signal) => {
      listeners.add(tell)
      signal.addEventListener('abort', () => listeners.delete(tell), { once: true })
    },
  }
}
