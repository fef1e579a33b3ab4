// The lab provider under Cluster API core: the contract, and nothing of ours beside it — shell
import { createHash } from 'node:crypto'
import { clusters, type Machine, machines } from '@k0smotron-ts/api'
import {
  type AuditEntry,
  type FaultKind,
  faultAt,
  isEvent,
  isWrite,
  type Management,
  type RunningProvider,
  type StartOptions,
} from '@k0smotron-ts/hack/testenv'
import { conditionIn, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  dataSecret,
  deployment,
  endpoint,
  infrastructureFirst,
  machine,
  pool,
  userData,
} from '../../harness/lab-objects.ts'
import { machineDeployments, machinePoolType, machineSets, make as makeIn, type Plain } from '../../harness/objects.ts'
import {
  labCluster,
  labMachine,
  labMachinePool,
  labMachineTemplate,
  labProvider,
  type Machines,
  statusOnlyMachines,
} from '../../lab-provider/index.ts'
import { type RecordedMachines, recordedMachines } from './recorded-machines.ts'
import { by, listed, startWorld } from './world.ts'

const isOurWrite = (entry: AuditEntry): boolean => by('lab-provider')(entry) && isWrite(entry) && !isEvent(entry)

const namespace = 'default'
const key = (name: string) => ({ namespace, name })

let world: Management

const make = (objects: readonly Plain[]) => makeIn(world.client, namespace, objects)

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

function startLab(of: Machines, options: StartOptions = {}): Promise<RunningProvider> {
  return world.start(labProvider({ machines: of }), 'lab-provider', options)
}

const isInfrastructureProvisioned = ({ status }: { readonly status?: { readonly initialization?: object } }): boolean =>
  (status?.initialization as { infrastructureProvisioned?: boolean } | undefined)?.infrastructureProvisioned === true

it('core gets provisioned machines, a second pass writes nothing, and deletion leaves nothing', async () => {
  const { client, env, quiet, until, untilGone } = world
  await using running = await startLab(statusOnlyMachines)
  const mark = await env.auditLog.mark()
  await make([...infrastructureFirst('whole'), ...deployment('whole', 'whole', 2)])
  const provisioned = await until(clusters, key('whole'), isInfrastructureProvisioned)
  expect(provisioned.spec?.controlPlaneEndpoint).toEqual(endpoint)
  await make([dataSecret('whole')])

  for (const { metadata, spec, status } of await untilMachines('whole', 2)) {
    const { name = '' } = metadata
    expect(spec.providerID).toBe(`lab://default/${name}`)
    expect(status?.addresses).toContainEqual({ type: 'Hostname', address: name })
    const { status: told } = await until(labMachine, key(name), object => object.spec.providerID !== undefined)
    expect(told?.userDataSha256).toBe(createHash('sha256').update(userData).digest('hex'))
    expect(conditionIn(told?.conditions, 'Ready')?.status).toBe('True')
  }
  // of each machine, its finalizer and its ID
  const isPatch = ({ resource, subresource, status }: AuditEntry) =>
    resource.startsWith('labmachines.') && subresource === '' && status < 400
  expect((await env.auditLog.since(mark)).filter(entry => isOurWrite(entry) && isPatch(entry))).toHaveLength(4)

  await quiet()
  const idle = await env.auditLog.mark()
  await running.stop()
  await using _again = await startLab(statusOnlyMachines)
  await quiet()
  expect((await env.auditLog.since(idle)).filter(isOurWrite)).toEqual([])

  await client.delete(secrets, key('whole-data'))
  await client.delete(clusters, key('whole'))
  for (const type of [clusters, labCluster, labMachineTemplate]) await untilGone(type, key('whole'))
  const kinds = [clusters, machines, machineSets, machineDeployments, labCluster, labMachine, labMachineTemplate]
  expect(await listed(world, namespace, kinds)).toEqual([])
})

/** The Machines of a MachineDeployment, once core sees all of them provisioned. */
async function untilMachines(name: string, count: number): Promise<readonly Machine[]> {
  const { client, until } = world
  await until(machineDeployments, key(name), ({ status }) => status?.replicas === count)
  const { items } = await client.list(machines, { namespace, labelSelector: `pool=${name}` })
  return Promise.all(
    items.map(({ metadata }) =>
      until(machines, key(metadata.name ?? ''), ({ spec, status }) => Boolean(spec.providerID && status?.addresses)),
    ),
  )
}

describe('in a cluster that is there', () => {
  let lab: RecordedMachines

  beforeAll(async () => {
    lab = recordedMachines()
    await using _running = await startLab(lab)
    await make(infrastructureFirst('steady'))
    await world.until(clusters, key('steady'), isInfrastructureProvisioned)
  })

  const readyOf = (object: { readonly status?: { readonly conditions?: Parameters<typeof conditionIn>[0] } }) => {
    const { status, reason, message } = conditionIn(object.status?.conditions, 'Ready') ?? {}
    return `${status} ${reason}: ${message}`
  }

  /** How often the machine was switched on, and how many writes the dying process made. */
  async function run(name: string, nth: number, kind: FaultKind): Promise<{ started: number; writes: number }> {
    const fault = faultAt(nth, kind)
    const settled = () =>
      world.until(machines, key(name), ({ spec, status }) => Boolean(spec.providerID && status?.addresses))
    await make([dataSecret(name), ...machine('steady', name)])
    {
      await using _first = await startLab(lab, { wrap: fault.wrap })
      await Promise.race([fault.struck, settled()])
    }
    await using _second = await startLab(lab)
    await settled()
    expect(lab.running()[name]).toBe(userData)
    await world.client.delete(machines, key(name))
    await world.untilGone(labMachine, key(name))
    expect(lab.running()[name]).toBeUndefined()
    const started = lab.started.filter(id => id === `lab://default/${name}`).length
    return { started, writes: fault.writes() }
  }

  it.each<FaultKind>(['refused', 'lost'])(
    'a provider that dies at any of its writes (%s) switches a machine on once',
    async kind => {
      const { writes } = await run(`whole-${kind}`, Number.POSITIVE_INFINITY, kind)
      expect(writes).toBeGreaterThanOrEqual(4)
      for (let nth = 1; nth <= writes; nth += 1) {
        expect((await run(`n${nth}-${kind}`, nth, kind)).started, `it died at write ${nth}`).toBe(1)
      }
    },
  )

  it('data that no machine can boot is refused by name, and taken when it is made anew', async () => {
    await using _running = await startLab(lab)
    await make([dataSecret('odd', { format: 'ignition' }), ...machine('steady', 'odd')])
    const refused = await world.until(labMachine, key('odd'), object =>
      readyOf(object).includes('InvalidBootstrapData'),
    )
    expect(readyOf(refused)).toBe(
      'False InvalidBootstrapData: Secret odd-data: machines boot cloud-config, not ignition',
    )
    await world.client.delete(secrets, key('odd-data'))
    await make([dataSecret('odd')])
    await world.until(machines, key('odd'), ({ spec }) => spec.providerID !== undefined)
  })

  it('what cloud-init says is told by core on the Machine', async () => {
    await using _running = await startLab(lab)
    await make([dataSecret('boots'), ...machine('steady', 'boots')])
    await world.until(machines, key('boots'), ({ spec }) => spec.providerID !== undefined)
    const mirrored = (status: string) =>
      world.until(
        machines,
        key('boots'),
        object => conditionIn(object.status?.conditions, 'InfrastructureReady')?.status === status,
      )
    lab.say('lab://default/boots', { kind: 'failed', message: 'cloud-init: runcmd failed' })
    const failed = conditionIn((await mirrored('False')).status?.conditions, 'InfrastructureReady')
    expect(failed).toMatchObject({ reason: 'BootstrapFailed', message: 'cloud-init: runcmd failed' })
    lab.say('lab://default/boots', { kind: 'succeeded' })
    await mirrored('True')
  })

  it('a paused machine is not switched on, and says so', async () => {
    await using _running = await startLab(lab)
    const paused = { 'cluster.x-k8s.io/paused': '' }
    await make([dataSecret('held'), ...machine('steady', 'held', paused)])
    await world.until(
      labMachine,
      key('held'),
      ({ status }) => conditionIn(status?.conditions, 'Paused')?.status === 'True',
    )
    expect(lab.running().held).toBeUndefined()
    await world.client.patchMerge(labMachine, key('held'), {
      metadata: { annotations: { [Object.keys(paused)[0] ?? '']: null } },
    })
    await world.until(machines, key('held'), ({ spec }) => spec.providerID !== undefined)
  })

  it('a pool has as many machines as it should, grows, shrinks and goes', async () => {
    await using _running = await startLab(lab)
    await make([dataSecret('p'), ...pool('steady', 'p', 2)])
    const untilSized = (replicas: number) =>
      world.until(labMachinePool, key('p'), ({ status }) => status?.replicas === replicas && status.ready === true)
    const members = () => Object.keys(lab.running()).filter(hostname => hostname.startsWith('p-'))
    expect((await untilSized(2)).spec.providerIDList).toEqual(['lab://default/p/0', 'lab://default/p/1'])
    await world.client.patchMerge(machinePoolType, key('p'), { spec: { replicas: 3 } })
    await untilSized(3)
    await world.client.patchMerge(machinePoolType, key('p'), { spec: { replicas: 1 } })
    expect((await untilSized(1)).spec.providerIDList).toEqual(['lab://default/p/0'])
    expect(members()).toEqual(['p-0'])
    await world.client.delete(machinePoolType, key('p'))
    await world.untilGone(labMachinePool, key('p'))
    expect(members()).toEqual([])
  })
})
