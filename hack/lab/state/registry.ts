// Which labs this host has, whose they are, and how one disappears — shell
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../../tools/lock/lock.ts'
import { isAlive, type Owner, thisProcess } from '../../tools/lock/owner.ts'
import { createCgroup, destroyCgroup, removeEmptyCgroup } from '../host/cgroups.ts'
import { writeWhole } from '../host/files.ts'
import { destroyNetwork, hostNetworks } from '../host/network.ts'
import { allLabsCgroup, freeIndex, type LabPlan, planLab } from '../plan.ts'
import { borrowHost, returnHost } from './host-loan.ts'

// On a file system that ends with the kernel, as everything that it lists does.
const registry = '/run/k0smotron-ts-lab'
const lock = '/run/k0smotron-ts-lab.lock'
const loan = join(registry, 'host-loan')
const suffix = '.lab.json'

export interface LabRecord {
  readonly plan: LabPlan
  readonly owner: Owner
}

/** Removes what killed processes left, then makes the lab of this name ours. `parent` is where its folder goes. */
export function claimLab(name: string, parent: string): Promise<LabPlan> {
  return exclusively(async () => {
    await destroyAbandoned()
    await mkdir(registry, { recursive: true }) // only now: the last lab takes it along
    const running = await labs()
    const same = running.find(({ plan }) => plan.name === name)
    if (same)
      throw new Error(`Lab ${name} is running, of process ${same.owner.pid}: stop it, or name this one otherwise`)
    const indexes = running.map(({ plan }) => plan.index)
    const index = freeIndex(indexes, await hostNetworks())
    if (index === undefined) throw new Error('Every network that a lab could use is in use on this host')
    const plan = planLab({ name, index, directory: join(parent, name) })
    const record: LabRecord = { plan, owner: thisProcess() }
    await writeWhole(join(registry, `${name}${suffix}`), JSON.stringify(record)) // before anything that must be removed
    await rm(plan.directory, { recursive: true, force: true }) // of a lab that a reboot ended
    await mkdir(plan.directory, { recursive: true })
    await borrowHost(loan)
    await createCgroup(plan.cgroup)
    return plan
  })
}

/** Ends everything that runs in the lab and removes all of it. */
export const releaseLab = (plan: LabPlan): Promise<void> => exclusively(() => destroy(plan))

/** The same for every lab whose process is gone. */
export const sweepLabs = (): Promise<void> => exclusively(destroyAbandoned)

/** All labs of this host, abandoned ones included. Others may come and go while we read. */
export async function labs(): Promise<readonly LabRecord[]> {
  const names = (await readdir(registry).catch(() => [])).filter(name => name.endsWith(suffix))
  const texts = await Promise.all(names.map(name => readFile(join(registry, name), 'utf8').catch(() => undefined)))
  return texts.flatMap(text => (text === undefined ? [] : [JSON.parse(text) as LabRecord]))
}

const exclusively = <T>(work: () => Promise<T>): Promise<T> => withLock(lock, () => undefined, work)

async function destroyAbandoned(): Promise<void> {
  for (const { plan, owner } of await labs()) if (!isAlive(owner)) await destroy(plan)
}

/** Needs no memory of what was made: cgroup, namespaces and folder follow from the plan, and all of it may be half there. */
async function destroy(plan: LabPlan): Promise<void> {
  await destroyCgroup(plan.cgroup)
  await destroyNetwork(plan)
  await rm(plan.directory, { recursive: true, force: true })
  await rm(join(registry, `${plan.name}${suffix}`), { force: true })
  if ((await labs()).length > 0) return
  await returnHost(loan)
  await removeEmptyCgroup(allLabsCgroup)
  await rm(registry, { recursive: true, force: true }) // with drafts of who was killed: we hold the lock
}
