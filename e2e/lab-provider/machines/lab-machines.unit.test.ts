// What the provider learns of the lab's machines — shell
import type { CloudInitResult, Machine, MachineSpec } from '@k0smotron-ts/hack/lab'
import { expect, it } from 'vitest'
import { labMachines } from './lab-machines.ts'
import type { MachineOrder } from './machines.ts'

interface Body {
  readonly spec: MachineSpec
  readonly isStopped: () => boolean
  readonly endCloudInit: (result: CloudInitResult) => void
  readonly fail: (error: Error) => void
}

/** A lab in which nothing boots: the test says when cloud-init ends, and how. */
function fakeLab(sentinel: boolean) {
  const bodies: Body[] = []
  const start = (spec: MachineSpec): Promise<Machine> => {
    if (bodies.some(body => body.spec.name === spec.name)) throw new Error(`There is a machine ${spec.name} already`)
    const { promise, resolve, reject } = Promise.withResolvers<CloudInitResult>()
    let isStopped = false
    bodies.push({ spec, isStopped: () => isStopped, endCloudInit: resolve, fail: reject })
    const machine: Partial<Machine> = {
      name: spec.name,
      address: `10.0.0.${bodies.length}`,
      result: () => promise,
      exec: () => Promise.resolve(sentinel ? 'yes\n' : 'no\n'),
      stop: () => {
        isStopped = true
        return Promise.resolve()
      },
    }
    return Promise.resolve(machine as Machine)
  }
  return { bodies, lab: { start, get: () => undefined, list: () => [] } }
}

const order: MachineOrder = { providerID: 'lab://ns/m1', hostname: 'm1', userData: Uint8Array.of(0, 255, 10) }

/** The IDs of which there was news. */
function newsOf(machines: ReturnType<typeof labMachines>) {
  const news: string[] = []
  const stop = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  machines.follow(id => {
    news.push(id)
    resolve()
  }, stop.signal)
  return { news, first: promise, stop }
}

it('hands over the bytes and the image, and nothing else', async () => {
  const { bodies, lab } = fakeLab(true)
  const machines = labMachines(lab, { memory: '2G', readOnly: { '/usr/local/bin/k0s': '/k0s' } })
  expect(machines.find(order)).toBeUndefined()
  await machines.powerOn(order)
  await machines.powerOn(order)
  expect(bodies.map(({ spec }) => spec)).toEqual([
    { name: 'm1', userData: order.userData, memory: '2G', readOnly: { '/usr/local/bin/k0s': '/k0s' } },
  ])
  expect(machines.find(order)).toEqual({
    addresses: [
      { type: 'InternalIP', address: '10.0.0.1' },
      { type: 'Hostname', address: 'm1' },
    ],
    bootstrap: { kind: 'running' },
  })
})

it.each<[string, CloudInitResult | Error, boolean, object]>([
  ['succeeded', { datasource: 'NoCloud', errors: [] }, true, { kind: 'succeeded' }],
  ['failed', { datasource: 'NoCloud', errors: ['runcmd', 'mounts'] }, true, { message: 'cloud-init: runcmd; mounts' }],
  ['ended without the sentinel', { datasource: 'NoCloud', errors: [] }, false, { kind: 'failed' }],
  ['never ended', new Error('switched off'), true, { kind: 'unknown', message: 'switched off' }],
])('tells when cloud-init %s', async (_, result, sentinel, expected) => {
  const { bodies, lab } = fakeLab(sentinel)
  const machines = labMachines(lab)
  const { news, first } = newsOf(machines)
  await machines.powerOn(order)
  if (result instanceof Error) bodies[0]?.fail(result)
  else bodies[0]?.endCloudInit(result)
  await first
  expect(news).toEqual([order.providerID])
  expect(machines.find(order)?.bootstrap).toMatchObject(expected)
})

it('removes a machine once, refuses a second one of its host name until then, and tells nobody who left', async () => {
  const { bodies, lab } = fakeLab(true)
  const machines = labMachines(lab)
  const { news, stop } = newsOf(machines)
  await machines.powerOn(order)
  await expect(machines.powerOn({ ...order, providerID: 'lab://other/m1' })).rejects.toThrow('m1 already')
  stop.abort()
  await machines.remove(order)
  await machines.remove(order)
  expect(bodies[0]?.isStopped()).toBe(true)
  expect(machines.find(order)).toBeUndefined()
  expect(news).toEqual([])
})
