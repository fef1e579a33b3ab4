// The lab provider with real machines: they boot what the Secret says, and it is told what became of that — shell
import { createHash } from 'node:crypto'
import { clusters, machines } from '@k0smotron-ts/api'
import { type Lab, labUnavailable, startLab } from '@k0smotron-ts/hack/lab'
import { install, type Management, type RunningProvider, startManagement } from '@k0smotron-ts/hack/testenv'
import { conditionIn } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataSecret, infrastructureFirst, machine } from '../harness/lab-objects.ts'
import { make } from '../harness/objects.ts'
import {
  type LabMachine,
  labMachine,
  labMachines,
  labManifests,
  labProvider,
  labRights,
} from '../lab-provider/index.ts'
import { ownLab } from './support/own-lab.ts'

const unavailable = labUnavailable()
const namespace = 'default'
const key = (name: string) => ({ namespace, name })

const sentinel = '/run/cluster-api/bootstrap-success.complete'
const script = (...commands: readonly string[]): string =>
  `#cloud-config\nruncmd:\n${commands.map(command => `- ${command}\n`).join('')}`

/** Name of the machine → what it boots. */
const bootstraps = {
  good: script(`mkdir -p $(dirname ${sentinel})`, `touch ${sentinel}`),
  failing: script('/nonexistent/k0s install worker', 'exit 3'),
  forgetful: script('echo joined'),
}

describe.skipIf(unavailable)(unavailable ?? 'machines of the lab', () => {
  let lab: Lab
  let management: Management
  let start: () => Promise<RunningProvider>

  beforeAll(async () => {
    lab = await startLab({ name: ownLab('lab-provider') })
    management = await startManagement({ env: lab.env })
    await install(management.client, labManifests('k0smotron'))
    const machinesOfLab = labMachines(lab.machines)
    start = () => management.start(labProvider({ machines: machinesOfLab }), labRights.name)
    await make(management.client, namespace, infrastructureFirst('c1'))
    for (const [name, value] of Object.entries(bootstraps))
      await make(management.client, namespace, [dataSecret(name, { value }), ...machine('c1', name)])
  })

  afterAll(async () => {
    await management?.[Symbol.asyncDispose]()
    await lab?.stop()
  })

  const told = ({ status }: LabMachine, type: string): string => {
    const condition = conditionIn(status?.conditions, type)
    return `${condition?.status} ${condition?.reason}`
  }
  const untilTold = (name: string): Promise<LabMachine> =>
    management.until(labMachine, key(name), object => !/undefined|Unknown/.test(told(object, 'BootstrapSucceeded')))

  test('are switched on with the bytes of the Secret, and tell how their bootstrap ended', async () => {
    await using _provider = await start()
    const [good, failing, forgetful] = await Promise.all(Object.keys(bootstraps).map(untilTold))

    expect(good && [told(good, 'Ready'), told(good, 'BootstrapSucceeded')]).toEqual([
      'True Provisioned',
      'True CloudInitSucceeded',
    ])
    const given = createHash('sha256').update(bootstraps.good).digest('hex')
    expect(good?.status?.userDataSha256).toBe(given)
    expect(await lab.machines.get('good')?.userDataSha256()).toBe(given)
    const address = lab.machines.get('good')?.address
    expect(good?.status?.addresses).toContainEqual({ type: 'InternalIP', address })

    for (const object of [failing, forgetful]) {
      expect(object && told(object, 'Ready')).toBe('False BootstrapFailed')
      expect(object?.status?.initialization).toEqual({ provisioned: true })
    }
    expect(conditionIn(failing?.status?.conditions, 'Ready')?.message).toContain('runcmd')
    expect(conditionIn(forgetful?.status?.conditions, 'Ready')?.message).toContain(sentinel)
  })

  test('go on when the provider starts again, and off when they are deleted', async () => {
    const before = lab.machines.list()
    await using _provider = await start()
    await management.client.delete(machines, key('failing'))
    await management.untilGone(labMachine, key('failing'))
    expect(lab.machines.list()).toEqual(before.filter(({ name }) => name !== 'failing'))

    await management.client.delete(clusters, key('c1'))
    await management.untilGone(clusters, key('c1'))
    expect(lab.machines.list()).toEqual([])
  })
})
