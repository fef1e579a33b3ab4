// The documents of the issuer, beside those that a real API server with the same keys answers with — shell
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Kubectl, kubectlWith, type Management, startHostedControlPlane } from '@k0smotron-ts/hack/testenv'
import { type ConfigMap, configMaps, secrets } from '@k0smotron-ts/runtime'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, eventsOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const base64 = (text: string) => Buffer.from(text).toString('base64')
const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

const giveTokenKeys = (cluster: string, privateKey: KeyObject, ...published: readonly KeyObject[]) =>
  world.client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { ...keyOf(`${cluster}-sa`), labels: { 'cluster.x-k8s.io/cluster-name': cluster } },
    data: {
      'tls.crt': base64(published.map(publicPem).join('')),
      'tls.key': base64(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    },
  })

const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)

/** A control plane that answers, and what its API server answers. */
async function answering(name: string, apiPort: number, api: object = {}) {
  const service = { type: 'ClusterIP', apiPort, konnectivityPort: apiPort + 500 }
  const spec = { version, externalAddress: world.env.publishedAddress, service, k0sConfig: { spec: { api } } }
  await makeControlPlane(world, name, spec)
  await until(name, 'DatastoreAvailable', 'True DatastoreAvailable')
  const hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
  await until(name, 'Available', 'True Available')
  const kubectl = await kubectlWith(hosted.kubeconfig)
  return { kubectl, [Symbol.asyncDispose]: () => hosted.stop() }
}

const documentsOf = (name: string) => world.until(configMaps, keyOf(`${name}-oidc`), () => true)

async function servedBy(kubectl: Kubectl): Promise<Record<string, string>> {
  const paths = { 'openid-configuration': '/.well-known/openid-configuration', jwks: '/openid/v1/jwks' }
  const answers = Object.entries(paths).map(
    async ([key, path]) => [key, await kubectl(['get', '--raw', path])] as const,
  )
  return Object.fromEntries(await Promise.all(answers))
}

/** A token of a service account of the workload cluster. */
async function tokenOf(kubectl: Kubectl, ...flags: readonly string[]): Promise<string> {
  await kubectl(['create', 'serviceaccount', 'app', '--namespace=default'])
  return kubectl(['create', 'token', 'app', '--namespace=default', ...flags])
}

const verify = (token: string, { data = {} }: ConfigMap, audience: string) =>
  jwtVerify(token, createLocalJWKSet(JSON.parse(data.jwks ?? '')), { issuer: data.issuer ?? '', audience })

it('are those of the API server, byte for byte, and verify its tokens: a control plane as it comes', async () => {
  await using served = await answering('plain', 30451)
  const documents = await documentsOf('plain')
  expect(documents.data).toMatchObject(await servedBy(served.kubectl))
  const { payload } = await verify(await tokenOf(served.kubectl), documents, 'https://kubernetes.default.svc')
  expect(payload.sub).toBe('system:serviceaccount:default:app')
  expect(payload.aud).toEqual(documents.data?.audiences?.split(','))
})

it('are so for an issuer of the user and keys of several kinds, one of which follows the other', async () => {
  const name = 'own'
  const [signing, old] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), ec('P-384')]
  const others = [ec('P-521'), ec('P-256'), generateKeyPairSync('ed25519')].map(({ publicKey }) => publicKey)
  await giveTokenKeys(name, signing.privateKey, old.publicKey, signing.publicKey, ...others)
  const issuer = 'https://id.example.com/own'
  const extraArgs = {
    'service-account-issuer': issuer,
    'service-account-jwks-uri': `${issuer}/openid/v1/jwks?of=<own>&as=is`,
    'api-audiences': 'sts.example.com,system:konnectivity-server',
  }
  const rawArgs = ['--service-account-issuer=https://old.example.com', '--api-audiences=third']
  await using served = await answering(name, 30452, { extraArgs, rawArgs })
  const documents = await documentsOf(name)
  expect(documents.data).toMatchObject({ issuer, ...(await servedBy(served.kubectl)) })
  const token = await tokenOf(served.kubectl)
  const { payload } = await verify(token, documents, 'sts.example.com')
  expect(payload.aud).toEqual(documents.data?.audiences?.split(','))

  // the next key is known before it signs, and the old one goes when none of its tokens is left
  const next = [signing, ec('P-256')].map(({ publicKey }) => publicPem(publicKey)).join('')
  await world.client.patchMerge(secrets, keyOf(`${name}-sa`), { data: { 'tls.crt': base64(next) } } as object)
  const kept = await world.until(configMaps, keyOf(`${name}-oidc`), ({ data }) => data?.jwks !== documents.data?.jwks)
  expect(JSON.parse(kept.data?.jwks ?? '').keys).toMatchObject([{ alg: 'RS256' }, { alg: 'ES256' }])
  await verify(token, kept, 'sts.example.com')
})

it('are the keys alone where the API server serves none', async () => {
  await using served = await answering('bare', 30453, { extraArgs: { 'service-account-issuer': 'bare' } })
  const documents = await documentsOf('bare')
  expect(Object.keys(documents.data ?? {}).sort()).toEqual(['audiences', 'issuer', 'jwks'])
  await expect(servedBy(served.kubectl)).rejects.toThrow('NotFound')
  await verify(await tokenOf(served.kubectl), documents, 'https://kubernetes.default.svc')
})

it('are the keys alone where each API server names its own address as that of the keys', async () => {
  await using served = await answering('own-address', 30455, { extraArgs: { 'service-account-jwks-uri': '' } })
  const documents = await documentsOf('own-address')
  const { jwks, 'openid-configuration': discovery = '' } = await servedBy(served.kubectl)
  expect(JSON.parse(discovery).jwks_uri).toMatch(/^https:\/\/[^/]+:\d+\/openid\/v1\/jwks$/)
  expect(documents.data).toMatchObject({ jwks })
  expect(documents.data).not.toHaveProperty('openid-configuration')
})

it('of somebody else under the name are left alone, which is told and keeps nothing from working; then they are ours', async () => {
  const name = 'taken'
  const mine = { apiVersion: 'v1', kind: 'ConfigMap', metadata: keyOf(`${name}-oidc`), data: { mine: 'yes' } } as const
  await world.client.create(configMaps, mine)
  await using _served = await answering(name, 30454)
  const told = await until(name, 'OIDCDocumentsAvailable', 'False NotOurs')
  expect(conditionOf(told, 'ControlPlaneComponentsHealthy')).toBe('True ControlPlaneComponentsHealthy')
  expect(messageOf(told, 'OIDCDocumentsAvailable')).toContain(`ConfigMap ${name}-oidc exists`)
  expect((await documentsOf(name)).data).toEqual(mine.data)
  await expect.poll(async () => (await eventsOf(world, name)).map(({ reason }) => reason)).toContain('NotOurs')

  await world.client.delete(configMaps, keyOf(`${name}-oidc`))
  await until(name, 'OIDCDocumentsAvailable', 'True OIDCDocumentsAvailable')
  expect((await documentsOf(name)).data).toHaveProperty('jwks')
})
