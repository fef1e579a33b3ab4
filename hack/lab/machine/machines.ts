// Machines that boot cloud-init from given user data — shell
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Argv, RunInput } from '../host/command.ts'
import { freeMachineAddress, type LabPlan } from '../plan.ts'
import { type Hardware, installMachine } from './machine.ts'
import { cloudInitFiles, machineFiles } from './machine-files.ts'

export interface MachineSpec {
  /** Host name and cloud-init's instance id. */
  readonly name: string
  /** Reaches cloud-init byte for byte. */
  readonly userData: string | Uint8Array
  /** The root that it boots from; the lab's own, which has cloud-init, unless given. */
  readonly root?: string
  /** 3G unless given. */
  readonly memory?: string
  /** Files and folders of the host that the machine sees read-only, by the path it sees them at. */
  readonly readOnly?: Readonly<Record<string, string>>
}

/** What cloud-init says about the whole boot; no errors means that every module and every command succeeded. */
export interface CloudInitResult {
  readonly datasource: string | null
  readonly errors: readonly string[]
}

export interface Machine {
  readonly name: string
  readonly address: string
  /** Resolves when cloud-init has ended; rejects if the machine is switched off before, or after `timeoutMs` (5 minutes). */
  result(timeoutMs?: number): Promise<CloudInitResult>
  /** Of the user data as cloud-init read it. */
  userDataSha256(): Promise<string>
  /** For debugging and proofs: runs a program inside as root and gives its standard output. */
  exec(argv: Argv, input?: RunInput): Promise<string>
  /** All that the machine's journal has said, or one unit of it; also when the machine is off. */
  journal(unit?: string): Promise<string>
  /** A power cut. The disk stays; `powerOn` boots from it again. */
  kill(): Promise<void>
  powerOn(): Promise<void>
  /** Shuts the machine down and takes it out of the lab. */
  stop(): Promise<void>
}

export interface Machines {
  /** Installs a machine and switches it on; does not wait for it. All or nothing. */
  start(spec: MachineSpec): Promise<Machine>
  get(name: string): Machine | undefined
  list(): readonly Machine[]
}

const namePattern = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/

export function createMachines(plan: LabPlan, root: string): Machines {
  const machines = new Map<string, Machine>()
  const addresses = new Map<string, string>() // taken before the machine exists, for several starts at once

  const stop = async (hardware: Hardware): Promise<void> => {
    await hardware.remove()
    machines.delete(hardware.name)
    addresses.delete(hardware.name)
  }
  return {
    get: name => machines.get(name),
    list: () => [...machines.values()],
    async start(spec) {
      const { name, readOnly = {}, memory = '3G', root: ownRoot = root } = spec
      if (!namePattern.test(name)) throw new Error(`A machine's name must match ${namePattern}: ${name}`)
      if (addresses.has(name)) throw new Error(`There is a machine ${name} already`)
      const address = freeMachineAddress(plan, new Set(addresses.values()))
      addresses.set(name, address)
      const id = randomUUID().replaceAll('-', '')
      const files = [
        ...machineFiles({ name, id, nameServer: plan.network.gateway }),
        ...cloudInitFiles(name, spec.userData),
      ]
      const hardware = await installMachine(plan, ownRoot, { name, address, memory, files, readOnly }).catch(error => {
        addresses.delete(name)
        throw error
      })
      const machine = asMachine(hardware, () => stop(hardware))
      machines.set(name, machine)
      await hardware.powerOn().catch(async error => {
        await stop(hardware) // whoever asked has no machine to stop, and may try again
        throw error
      })
      return machine
    },
  }
}

function asMachine(hardware: Hardware, stop: () => Promise<void>): Machine {
  return {
    ...hardware,
    stop,
    result: (timeoutMs = 300_000) => cloudInitResult(hardware, timeoutMs),
    userDataSha256: async () => {
      const line = await hardware.exec(['sha256sum', '/var/lib/cloud/instance/user-data.txt'])
      return line.slice(0, 64)
    },
  }
}

async function cloudInitResult(hardware: Hardware, timeoutMs: number): Promise<CloudInitResult> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const text = await hardware.readFile('run/cloud-init/result.json')
    if (text) return (JSON.parse(text) as { v1: CloudInitResult }).v1
    if (Date.now() > deadline) throw new Error(`cloud-init of ${hardware.name} has not ended after ${timeoutMs} ms`)
    await delay(50)
  }
}
