// A life of certificates, hour by hour: what is served is trusted at every moment — shell
import { describe, expect, it } from 'vitest'
import type { KubeSecret } from '../../kinds.ts'
import { issuedAt, parseCertificate } from '../../pki/certificate.ts'
import { carryOut } from './carry-out.ts'
import { type Decision, decide } from './decide.ts'
import { type Found, findMaterial, type Material, printMaterial } from './material.ts'

const hour = 3_600_000
const day = 24 * hour
const timing = { authorityMs: 90 * day, servingMs: 30 * day, settleMs: 5 * hour }
const maker = 'k0smotron-operator'
const dnsNames = ['webhooks.k0smotron.svc']
const key = { namespace: 'k0smotron', name: 'cert' }

interface World {
  secret: KubeSecret | undefined
  remembered: Material | undefined
  now: Date
  /** What replicas serve and what kube-apiservers trust; both lag behind what is written. */
  served: string | undefined
  trusted: readonly string[]
  readonly decisions: Decision['kind'][]
  /** Another process leads each time. */
  readonly isForgetful?: boolean
}

const start = (): World => ({
  secret: undefined,
  remembered: undefined,
  now: new Date('2030-01-01T00:00:00Z'),
  served: undefined,
  trusted: [],
  decisions: [],
})

const materialOf = (found: Found): Material | undefined => (found.kind === 'material' ? found.material : undefined)

/** A pass of the leader; what it injects is trusted later, see `pass`. */
async function decideOnce(world: World, isInjected = true): Promise<Decision> {
  const found = findMaterial(world.secret, maker)
  if (found.kind === 'material' && found.isOurs) world.remembered = found.material
  if (world.isForgetful) world.remembered = undefined
  const { remembered, now } = world
  const decision = decide({ found, remembered, isInjected, dnsNames, now }, timing)
  world.decisions.push(decision.kind)
  const made = await carryOut(decision, { dnsNames, authorityName: 'cert-ca', timing, now })
  if (made) world.secret = printMaterial(key, made, { maker, ...(world.secret && { live: world.secret }) })
  return decision
}

function isTrusted({ served, trusted, now }: World): boolean {
  if (served === undefined) return false
  const certificate = parseCertificate(served)
  return certificate.notAfter > now && trusted.some(authority => certificate.isIssuedBy(authority))
}

function materialIn({ secret }: World): Material {
  const material = materialOf(findMaterial(secret, maker))
  if (!material) throw new Error('the Secret has no certificates')
  return material
}

/** What was written, and when it is acted on; never in another order. */
class Lagging<T> {
  readonly #chance: () => number
  #coming: readonly { readonly due: number; readonly value: T }[] = []

  constructor(chance: () => number) {
    this.#chance = chance
  }

  get isEmpty(): boolean {
    return this.#coming.length === 0
  }

  write(value: T, now: number): void {
    const due = now + Math.floor(this.#chance() * 3) * hour
    this.#coming = [...this.#coming, { value, due: Math.max(due, this.#coming.at(-1)?.due ?? 0) }]
  }

  actedOn(now: number): readonly T[] {
    const due = this.#coming.filter(one => one.due <= now)
    this.#coming = this.#coming.slice(due.length)
    return due.map(({ value }) => value)
  }
}

/**
 * Hour by hour, but for hours in which nothing is due. Replicas and kube-apiservers act on what was written with up to
 * two hours of delay, each for itself.
 */
async function live(world: World, until: Date, chance: () => number): Promise<void> {
  const serving = new Lagging<string>(chance)
  const trusting = new Lagging<readonly string[]>(chance)
  const begun = world.now.getTime() + 3 * hour
  while (world.now < until) {
    const decision = await decideOnce(world)
    const now = world.now.getTime()
    if (decision.kind !== 'keep') {
      const material = materialIn(world)
      serving.write(material.serving.certificate, now)
      trusting.write(material.trusted, now)
    }
    for (const served of serving.actedOn(now)) world.served = served
    for (const trusted of trusting.actedOn(now)) world.trusted = trusted
    if (now >= begun) expect(isTrusted(world), `at ${world.now.toISOString()}`).toBe(true)
    const isIdle = serving.isEmpty && trusting.isEmpty
    world.now = new Date(Math.max(now + hour, isIdle ? dueOf(decision) : 0))
  }
}

const dueOf = (decision: Decision): number => (decision.kind === 'keep' && decision.until?.getTime()) || 0

const later = ({ now }: World, milliseconds: number): Date => new Date(now.getTime() + milliseconds)

/** The same numbers every time. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

describe('over a year', () => {
  it.each([1, 2, 3])('no handshake would fail, and authorities and certificates were renewed (seed %i)', async seed => {
    const world = start()
    await live(world, later(world, 365 * day), pseudoRandom(seed))
    const count = (kind: Decision['kind']): number => world.decisions.filter(one => one === kind).length
    expect(count('begin')).toBe(1)
    expect(count('trustNext')).toBeGreaterThanOrEqual(5)
    expect(count('forget')).toBe(count('trustNext'))
    expect(count('serveNext')).toBeGreaterThan(count('trustNext'))
  })
})

describe('a Secret that is lost', () => {
  it.each([
    ['deleted', (): undefined => undefined],
    [
      'filled with garbage',
      (secret: KubeSecret): KubeSecret => ({ ...secret, data: { ...secret.data, 'tls.key': 'eA==' } }),
    ],
  ])('is made again when it was %s, and what is served stays trusted', async (_what, harm) => {
    const world = start()
    const chance = pseudoRandom(4)
    await live(world, later(world, 50 * hour), chance)
    const before = world.served
    world.secret = world.secret && harm(world.secret)
    await live(world, later(world, 3 * hour), chance)
    expect(world.served).toBe(before)
    await live(world, later(world, 20 * hour), chance)
    expect(world.served).not.toBe(before)
    expect(materialOf(findMaterial(world.secret, maker))?.trusted).toHaveLength(1)
  })

  it('trusts no more than what is served, however often it happens', async () => {
    const world = start()
    await decideOnce(world)
    for (let times = 0; times < 5; times++) {
      await decideOnce(world)
      world.secret = undefined
      await decideOnce(world)
      expect(materialOf(findMaterial(world.secret, maker))?.trusted).toHaveLength(2)
    }
  })

  it('begins anew when nobody remembers it', async () => {
    const world = start()
    await decideOnce(world)
    world.secret = undefined
    world.remembered = undefined
    expect(await decideOnce(world)).toEqual({ kind: 'begin' })
  })
})

describe('a rotation', () => {
  const due = async (): Promise<World> => {
    const world = start()
    await decideOnce(world)
    const { trusted = [] } = materialOf(findMaterial(world.secret, maker)) ?? {}
    const { notAfter } = parseCertificate(trusted[0] ?? '')
    world.now = new Date(notAfter.getTime() - 20 * day)
    await decideOnce(world) // the serving certificate is older
    await decideOnce(world)
    return world
  }

  it('serves nothing of an authority that is not injected everywhere', async () => {
    const world = await due()
    expect(world.decisions).toEqual(['begin', 'serveNext', 'trustNext'])
    world.now = new Date(world.now.getTime() + 2 * timing.settleMs)
    expect(await decideOnce(world, false)).toMatchObject({ kind: 'keep' })
    expect(await decideOnce(world)).toMatchObject({ kind: 'serveNext' })
  })

  it('waits until those who were told act on it, and says how long', async () => {
    const world = await due()
    const decision = await decideOnce(world)
    const { trusted = [] } = materialOf(findMaterial(world.secret, maker)) ?? {}
    const made = issuedAt(parseCertificate(trusted[0] ?? ''))
    expect(decision).toMatchObject({ kind: 'keep', until: new Date(made.getTime() + timing.settleMs) })
  })

  it('comes to its end where certificates live shorter than it takes to settle', async () => {
    const world = await due()
    world.now = later(world, timing.settleMs)
    expect(await decideOnce(world)).toMatchObject({ kind: 'serveNext' })
    world.now = later(world, timing.servingMs)
    expect(await decideOnce(world)).toMatchObject({ kind: 'forget' })
    expect(await decideOnce(world)).toMatchObject({ kind: 'serveNext' })
  })

  it('is gone on with by whoever leads next, from the Secret alone', async () => {
    const world = { ...start(), isForgetful: true }
    await live(world, later(world, 70 * day), pseudoRandom(5))
    expect(world.decisions.filter(kind => kind === 'begin')).toHaveLength(1)
    expect(world.decisions).toContain('forget')
  })
})

describe('the serving certificate', () => {
  it('is made anew for another Service, by the same authority', async () => {
    const world = start()
    await decideOnce(world)
    const found = findMaterial(world.secret, maker)
    const { now, remembered } = world
    const decision = decide({ found, remembered, isInjected: true, dnsNames: ['other.k0smotron.svc'], now }, timing)
    expect(decision.kind).toBe('serveNext')
  })
})

describe('a Secret of others', () => {
  const others = async (): Promise<{ world: World; secret: KubeSecret }> => {
    const world = start()
    await decideOnce(world)
    const { 'ca.key': _, ...data } = world.secret?.data ?? {}
    const secret = { ...world.secret, metadata: key, data } as KubeSecret
    return { world: { ...start(), secret }, secret }
  }

  it('is used as it is', async () => {
    const { world, secret } = await others()
    expect(await decideOnce(world)).toMatchObject({ kind: 'keep' })
    expect(world.secret).toBe(secret)
  })

  it('is left alone when it cannot be used', async () => {
    const { world, secret } = await others()
    world.secret = { ...secret, data: { 'tls.crt': 'eA==' } }
    expect(await decideOnce(world)).toEqual({ kind: 'leave', fault: 'tls.crt is no certificate' })
  })

  it('becomes ours when nobody has renewed it, before it ends and without an outage', async () => {
    const { world, secret } = await others()
    const { notAfter } = parseCertificate(Buffer.from(secret.data?.['tls.crt'] ?? '', 'base64').toString())
    world.now = new Date(notAfter.getTime() - 2 * day)
    expect(await decideOnce(world)).toMatchObject({ kind: 'trustNext' })
    const found = findMaterial(world.secret, maker)
    expect(found).toMatchObject({ kind: 'material', isOurs: true })
    expect(materialOf(found)?.trusted).toHaveLength(2)
    expect(world.secret?.data?.['tls.crt']).toBe(secret.data?.['tls.crt'])
  })

  it('becomes ours when it is over', async () => {
    const { world } = await others()
    world.now = new Date('2031-01-01T00:00:00Z')
    expect(await decideOnce(world)).toEqual({ kind: 'begin' })
  })
})
