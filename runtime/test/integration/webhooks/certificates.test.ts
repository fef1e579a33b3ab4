// The Secret and the authority in other objects: whoever takes them away, and whenever the process dies — shell
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Fault,
  type FaultKind,
  faultAt,
  freePort,
  type MovableClock,
  movableClock,
  until,
} from '@k0smotron-ts/hack/testenv'
import { fixedCredentials, type KubeSecret, secrets, type Transport } from '@k0smotron-ts/runtime'
import { createMetrics, createProviderManager, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { countCertificates, parseCertificate, renewAt } from '../../../src/pki/certificate.ts'
import { type RecordedLog, recordedLog } from '../../../src/testing/recorded-log.ts'
import { convertedDefinitions, validatingConfigurations } from '../../../src/webhook/certificates/injection.ts'
import { account, declaration, flagsOf, namespace, startWorld, thingsProvider, type World } from './world.ts'

const minute = 60_000
const day = 1_440 * minute
const timing = { authorityMs: 90 * day, servingMs: 80 * day, settleMs: 10 * minute }
const key = { namespace, name: declaration.secret }

let world: World
beforeAll(async () => {
  world = await startWorld(9)
})
afterAll(() => world[Symbol.asyncDispose]())

interface Running extends AsyncDisposable {
  readonly clock: MovableClock
  readonly log: RecordedLog
  /** As `--webhook-port` makes it. */
  readonly port: number
}

const running: Running[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one[Symbol.asyncDispose]()
  await world.admin.delete(secrets, key)
})

/** A manager that leads; `clock` goes on where that of another one stopped. */
async function start(clock = movableClock(), wrap = (transport: Transport) => transport): Promise<Running> {
  const { server, ca, identity } = await world.env.connectionFor({ serviceAccount: account })
  const credentials = fixedCredentials(identity ?? {})
  const [log, port, stopping] = [recordedLog(), await freePort(), new AbortController()]
  const manager = createProviderManager(thingsProvider, {
    connect: () => wrap(undiciTransport({ server, ca, credentials, userAgent: 'things' })),
    flags: flagsOf(port, false),
    namespace,
    log,
    metrics: createMetrics(),
    clock,
    webhookTiming: timing,
  })
  const ended = manager.run(stopping.signal)
  const stop = async (): Promise<void> => {
    stopping.abort()
    await ended
  }
  const one = { clock, log, port, [Symbol.asyncDispose]: stop }
  running.push(one)
  return one
}

const text = ({ data }: KubeSecret, name: string): string => Buffer.from(data?.[name] ?? '', 'base64').toString()

const untilStored = (holds: (secret: KubeSecret) => boolean): Promise<KubeSecret> =>
  until(world.admin, { type: secrets, key }, secret => secret !== undefined && holds(secret))

/** Both objects trust what the Secret says, and no more. */
async function untilTrusted(bundle: string): Promise<void> {
  const value = Buffer.from(bundle).toString('base64')
  const [name = ''] = declaration.definitions
  await until(
    world.admin,
    { type: convertedDefinitions, key: { name } },
    object => object?.spec?.conversion?.webhook?.clientConfig?.caBundle === value,
  )
  await until(
    world.admin,
    { type: validatingConfigurations, key: { name: declaration.validating.name } },
    object => object?.webhooks?.every(({ clientConfig }) => clientConfig?.caBundle === value) === true,
  )
}

const hasOneAuthority = (secret: KubeSecret): boolean => countCertificates(text(secret, 'ca.crt')) === 1

async function untilSettled(): Promise<KubeSecret> {
  const secret = await untilStored(hasOneAuthority)
  await untilTrusted(text(secret, 'ca.crt'))
  return secret
}

/** Moves time on until it is there: a pass that had read the time before is woken later by as much as time was moved. */
async function settleUntil(clock: MovableClock, there: Promise<KubeSecret>): Promise<void> {
  const isThere = there.then(() => true)
  while (!(await Promise.race([isThere, delay(200, false)]))) await clock.move(timing.settleMs)
}

it('are made, and put back by whoever leads when somebody takes them away', async () => {
  await start()
  const bundle = text(await untilSettled(), 'ca.crt')
  const [name = ''] = declaration.definitions
  const path = '/spec/conversion/webhook/clientConfig/caBundle'
  await world.admin.patchJson(convertedDefinitions, { name }, [{ op: 'remove', path }])
  const replaced = {
    op: 'replace',
    path: '/webhooks/0/clientConfig/caBundle',
    value: Buffer.from(bundle + bundle).toString('base64'),
  } as const
  await world.admin.patchJson(validatingConfigurations, { name: declaration.validating.name }, [replaced])
  await untilTrusted(bundle)
})

it.each<[string, (live: KubeSecret) => Promise<unknown>]>([
  ['deleted', () => world.admin.delete(secrets, key)],
  [
    'filled with garbage',
    live => world.admin.replace(secrets, { ...live, data: { 'tls.crt': 'eA==', 'tls.key': 'eA==' } }),
  ],
])('are made again when the Secret is %s, and what was served stays trusted meanwhile', async (_what, harm) => {
  const { clock } = await start()
  const before = await untilSettled()
  await harm(before)
  const between = await untilStored(
    secret => text(secret, 'ca.crt').includes(text(before, 'ca.crt').trim()) && !hasOneAuthority(secret),
  )
  expect(text(between, 'tls.crt')).toBe(text(before, 'tls.crt'))
  await untilTrusted(text(between, 'ca.crt'))
  await settleUntil(
    clock,
    untilStored(secret => text(secret, 'tls.crt') !== text(before, 'tls.crt')),
  )
  await settleUntil(clock, untilStored(hasOneAuthority))
  const after = await untilSettled()
  expect(text(after, 'ca.crt')).not.toBe(text(before, 'ca.crt'))
})

it('of others that cannot be used are left alone and told, and become ours when they are gone', async () => {
  const metadata = { ...key, annotations: { 'cert-manager.io/certificate-name': 'serving' } }
  const theirs = await world.admin.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': '', 'tls.key': '' },
  })
  const { log } = await start()
  await expect
    .poll(() => log.errors.map(({ message }) => message))
    .toContain('Webhook certificates of others cannot be used, they are left alone')
  expect(await world.admin.get(secrets, key)).toEqual(theirs)
  await world.admin.delete(secrets, key)
  await untilSettled()
})

it('of others are used: they are trusted, and nothing is made', async () => {
  const first = await start()
  const ours = await untilSettled()
  await first[Symbol.asyncDispose]()
  const { 'tls.crt': crt = '', 'tls.key': privateKey = '', 'ca.crt': ca = '' } = ours.data ?? {}
  await world.admin.delete(secrets, key)
  const data = { 'tls.crt': crt, 'tls.key': privateKey, 'ca.crt': ca }
  const theirs = await world.admin.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: key, data })
  const [name = ''] = declaration.definitions
  await world.admin.patchJson(convertedDefinitions, { name }, [
    { op: 'remove', path: '/spec/conversion/webhook/clientConfig/caBundle' },
  ])
  await start(first.clock)
  await untilTrusted(text(ours, 'ca.crt'))
  expect((await world.admin.get(secrets, key))?.metadata.resourceVersion).toBe(theirs.metadata.resourceVersion)
})

/** From nothing through a whole rotation; the process dies at its n-th write, and the next one goes on. */
async function run(nth: number, kind: FaultKind): Promise<Fault> {
  const fault = faultAt(nth, kind)
  const clock = movableClock()
  const dying = await start(clock, fault.wrap)
  const succeeded = fault.struck.then(async () => {
    await dying[Symbol.asyncDispose]()
    await start(clock)
  })
  const first = await untilSettled()
  await clock.move(renewAt(parseCertificate(text(first, 'ca.crt'))).getTime() - clock.now().getTime() + 1)
  const rotated = untilStored(secret => hasOneAuthority(secret) && text(secret, 'ca.crt') !== text(first, 'ca.crt'))
  await settleUntil(clock, rotated)
  const last = await untilSettled()
  expect(parseCertificate(text(last, 'tls.crt')).isIssuedBy(text(last, 'ca.crt'))).toBe(true)
  if (fault.writes() >= nth) await succeeded // nobody is left who works when the next run begins
  for (const one of running.splice(0)) await one[Symbol.asyncDispose]()
  await world.admin.delete(secrets, key)
  return fault
}

it.each<FaultKind>(['refused', 'lost'])('end in the same state when a write is %s and the process dies', async kind => {
  const writes = (await run(Number.POSITIVE_INFINITY, kind)).writes()
  expect(writes).toBeGreaterThanOrEqual(8)
  for (let nth = 1; nth <= writes; nth += 1) await run(nth, kind)
})
