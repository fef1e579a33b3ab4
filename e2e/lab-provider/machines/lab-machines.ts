// Machines of the lab: each boots cloud-init from its user data and nothing else — shell
import type { Machines as LabBodies, Machine, MachineSpec } from '@k0smotron-ts/hack/lab'
import type { Bootstrap, MachineIdentity, Machines } from './machines.ts'

/** What a machine is made of before anyone tells it what to become: as the image of a machine in a cloud. */
export type MachineImage = Pick<MachineSpec, 'memory' | 'readOnly'>

interface Present {
  readonly body: Machine
  bootstrap: Bootstrap
}

/** So long cloud-init may take before nobody waits for its result any more. */
const patienceMs = 30 * 60_000

/** One for each lab; providers come and go. Host names are taken per lab: the second machine of a name is refused. */
export function labMachines(bodies: LabBodies, image: MachineImage = {}): Machines {
  const present = new Map<string, Present>()
  const listeners = new Set<(providerID: string) => void>()

  const awaitBootstrap = async (providerID: string, machine: Present): Promise<void> => {
    machine.bootstrap = await bootstrapOf(machine.body)
    for (const report of listeners) report(providerID)
  }
  return {
    find: identity => {
      const machine = present.get(identity.providerID)
      return machine && { addresses: addressesOf(identity, machine.body), bootstrap: machine.bootstrap }
    },
    async powerOn({ providerID, hostname: name, userData }) {
      if (present.has(providerID)) return
      const machine: Present = {
        body: await bodies.start({ ...image, name, userData }),
        bootstrap: { kind: 'running' },
      }
      present.set(providerID, machine)
      void awaitBootstrap(providerID, machine)
    },
    async remove({ providerID }) {
      const machine = present.get(providerID)
      await machine?.body.stop()
      present.delete(providerID)
    },
    follow(report, signal) {
      listeners.add(report)
      signal.addEventListener('abort', () => listeners.delete(report), { once: true })
    },
  }
}

function addressesOf({ hostname }: MachineIdentity, { address }: Machine) {
  return [
    { type: 'InternalIP', address },
    { type: 'Hostname', address: hostname },
  ] as const
}

/** A machine that is switched off before its end has none that could be told. */
async function bootstrapOf(machine: Machine): Promise<Bootstrap> {
  try {
    const { errors } = await machine.result(patienceMs)
    if (errors.length > 0) return { kind: 'failed', message: `cloud-init: ${errors.join('; ')}`.slice(0, maxLength) }
    return (await hasSentinel(machine)) ? { kind: 'succeeded' } : { kind: 'failed', message: noSentinel }
  } catch (error) {
    return { kind: 'unknown', message: (error instanceof Error ? error.message : String(error)).slice(0, maxLength) }
  }
}

const maxLength = 1_000
/** The contract's sign of success (contract: Sentinel file). */
const sentinel = '/run/cluster-api/bootstrap-success.complete'
const noSentinel = `cloud-init ended without an error, but without ${sentinel}`

async function hasSentinel(machine: Machine): Promise<boolean> {
  const answer = await machine.exec(['sh', '-c', `if [ -e ${sentinel} ]; then echo yes; else echo no; fi`])
  return answer.trim() === 'yes'
}
