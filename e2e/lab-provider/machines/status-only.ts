// Machines that are only told of, for tests without a lab — core
import { createHash } from 'node:crypto'
import type { Machines } from './machines.ts'

/** Every machine is there at once, at an address of its own that nobody can reach. */
export const statusOnlyMachines: Machines = {
  find: ({ providerID, hostname }) => ({
    addresses: [
      { type: 'InternalIP', address: unreachableAddress(providerID) },
      { type: 'Hostname', address: hostname },
    ],
  }),
  powerOn: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  follow: () => {},
}

/** Of 198.18.0.0/15, which is set aside for tests of networks. */
function unreachableAddress(providerID: string): string {
  const [first = 0, second = 0, third = 0] = createHash('sha256').update(providerID).digest()
  return `198.${18 + (first % 2)}.${second}.${third}`
}
