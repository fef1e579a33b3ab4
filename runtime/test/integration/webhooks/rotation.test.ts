// Two replicas, short-lived certificates, a leader that is killed: every request is answered — shell
import { closeSync, openSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { freePort } from '@k0smotron-ts/hack/testenv'
import type { BoundChild } from '@k0smotron-ts/hack/tools'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countCertificates } from '../../../src/pki/certificate.ts'
import { type Front, startFront } from './front.ts'
import type { ReplicaOrder } from './replica.ts'
import { account, namespace, startWorld, v1, v2, type World } from './world.ts'

/** Certificates are backdated by five minutes: what lives three is renewed after ten and twenty seconds. */
const timing = { authorityMs: 180_000, servingMs: 165_000, settleMs: 6_000 }

let world: World
let front: Front
const replicas = new Map<number, BoundChild>()

beforeAll(async () => {
  front = await startFront(() => [...replicas.keys()])
  world = await startWorld(front.port)
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
})

async function startReplica(): Promise<number> {
  const port = await freePort()
  const kubeconfig = await world.env.kubeconfigFor({ serviceAccount: account })
  const order: ReplicaOrder = { kubeconfig, port, timing }
  const output = openSync(join(world.env.dir, `replica-${port}.log`), 'a')
  const program = join(import.meta.dirname, 'replica.ts')
  replicas.set(port, world.env.workspace.spawn(process.execPath, [program, JSON.stringify(order)], { output }))
  closeSync(output)
  return port
}

/** A ConversionReview over a connection of its own, checked against what kube-apiserver is to trust. */
function convert(port: number, ca: string): Promise<number> {
  const object = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'x' }, spec: { colour: 'red' } }
  const review = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    request: { uid: 'u', desiredAPIVersion: 'example.org/v2', objects: [object] },
  }
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/convert',
      method: 'POST',
      ca,
      agent: false,
    })
    asked.on('error', reject)
    asked.on('response', response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    asked.end(JSON.stringify(review))
  })
}

/** On a busy machine the authorities may change between the reading and the asking. */
async function convertTrusting(port: number, ca: string): Promise<number> {
  try {
    return await convert(port, ca)
  } catch (error) {
    const now = await world.bundle()
    if (now === ca) throw error
    return convertTrusting(port, now)
  }
}

async function untilServed(port: number): Promise<void> {
  await expect.poll(async () => convert(port, await world.bundle()).catch(() => 0)).toBe(200)
}

/** What the rotation has come to, as it was seen from outside. */
class Sights {
  readonly authorities = new Set<string>()
  readonly certificates = new Set<string>()
  readonly bundles: number[] = []

  see(bundle: string, certificate: string | undefined): void {
    const [newest = ''] = bundle.split('-----END')
    this.authorities.add(newest)
    if (certificate !== undefined) this.certificates.add(certificate)
    const trusted = countCertificates(bundle)
    if (this.bundles.at(-1) !== trusted) this.bundles.push(trusted)
  }
}

test('no request fails while certificates and authorities change, nor when the leader is killed amid it', async () => {
  const first = await startReplica()
  await untilServed(first)
  await startReplica().then(untilServed) // it does not lead, and answers
  await world.admin.create(v1, {
    apiVersion: 'example.org/v1',
    kind: 'Thing',
    metadata: { namespace, name: 'a' },
    spec: { colour: 'red' },
  })

  const sights = new Sights()
  let killed = false
  let rounds = 0
  while (sights.authorities.size < 3 || sights.certificates.size < 4 || !killed) {
    rounds += 1
    for (const port of replicas.keys())
      expect(await convertTrusting(port, await world.bundle()), `replica ${port}`).toBe(200)
    // kube-apiserver itself: a conversion, and a rule
    const thing = await world.admin.get(v2, { namespace, name: 'a' })
    expect(thing?.spec).toEqual({ color: 'red' })
    await world.admin.patchMerge(v1, { namespace, name: 'a' }, { metadata: { annotations: { round: `${rounds}` } } })
    sights.see(await world.bundle(), await world.stored('tls.crt'))
    if (!killed && countCertificates(await world.bundle()) > 1) {
      killed = true // two authorities are trusted: the rotation has begun
      const leader = replicas.get(first)
      replicas.delete(first)
      leader?.process.kill('SIGKILL')
      await startReplica().then(untilServed)
    }
  }
  expect(Math.max(...sights.bundles)).toBe(2)
  await expect(
    world.admin.create(v1, {
      apiVersion: 'example.org/v1',
      kind: 'Thing',
      metadata: { namespace, name: 'b' },
      spec: { colour: 'invisible' },
    }),
  ).rejects.toThrow('nobody would see it')
})
