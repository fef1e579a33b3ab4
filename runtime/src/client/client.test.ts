// What the client sends, and what it makes of the answers — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { configMap, configMaps, listOf, status } from '../testing/kubernetes-answers.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
import { undiciTransport } from './transport/undici-transport.ts'
import type { Client } from './types.ts'

const clusterRoles: ResourceType = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
}
const key = { namespace: 'ns', name: 'a' }
const object = configMap('a', '7')
const path = '/api/v1/namespaces/ns/configmaps'

let certificates: TestCertificates
let server: ScriptedServer
let client: Client

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  server = await scriptedServer(certificates)
  client = createClient(undiciTransport(server.connection()))
})
afterEach(async () => {
  await client.close()
  await server.close()
})

const writes: readonly [string, () => Promise<unknown>, object][] = [
  ['create posts to the collection', () => client.create(configMaps, object), { line: `POST ${path}`, body: object }],
  [
    'replace puts the whole object',
    () => client.replace(configMaps, object),
    { line: `PUT ${path}/a`, type: 'application/json', body: object },
  ],
  [
    'apply is forced, under its field manager, as JSON',
    () => client.apply(configMaps, object, { fieldManager: 'me' }),
    {
      line: `PATCH ${path}/a`,
      query: 'fieldManager=me&force=true',
      type: 'application/apply-patch+yaml',
      body: object,
    },
  ],
  [
    'apply of a status goes to the subresource',
    () => client.apply(configMaps, object, { fieldManager: 'me', subresource: 'status' }),
    { line: `PATCH ${path}/a/status`, query: 'fieldManager=me&force=true' },
  ],
  [
    'a JSON patch is sent as one',
    () => client.patchJson(configMaps, key, [{ op: 'test', path: '/metadata/uid', value: 'u' }]),
    { query: '', type: 'application/json-patch+json', body: [{ op: 'test', path: '/metadata/uid', value: 'u' }] },
  ],
  [
    'a merge patch is sent as one and keeps its nulls',
    () => client.patchMerge(configMaps, key, { data: { x: null } }, { fieldManager: 'me' }),
    { query: 'fieldManager=me', type: 'application/merge-patch+json', body: { data: { x: null } } },
  ],
  [
    'delete carries its preconditions',
    () => client.delete(configMaps, key, { uid: 'u', resourceVersion: '7', propagation: 'Foreground' }),
    {
      line: `DELETE ${path}/a`,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid: 'u', resourceVersion: '7' },
        propagationPolicy: 'Foreground',
      },
    },
  ],
  [
    'an eviction names the pod twice, and the very one that is meant',
    () => client.evict(key, { uid: 'u' }),
    {
      line: 'POST /api/v1/namespaces/ns/pods/a/eviction',
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: key,
        deleteOptions: { preconditions: { uid: 'u' } },
      },
    },
  ],
]

test.each(writes)('%s', async (_name, write, sent) => {
  const answer = write()
  const asked = await server.take()
  asked.json(200, object)
  await answer
  expect({
    line: `${asked.method} ${asked.path}`,
    query: asked.query.toString(),
    type: asked.headers['content-type'],
    body: JSON.parse(asked.body),
  }).toMatchObject(sent)
})

test('a name with a colon is escaped and keeps its case', async () => {
  const answer = client.get(clusterRoles, { name: 'system:MyRole' })
  const asked = await server.take()
  asked.json(200, { metadata: {} })
  await answer
  expect(asked.path).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3AMyRole')
})

test.each(['', '.', '..'])('the name "%s" never becomes a path', async name => {
  await expect(client.get(configMaps, { namespace: 'ns', name })).rejects.toThrow('is not a name')
  await expect(client.get(configMaps, { namespace: name, name: 'a' })).rejects.toThrow('is not a name')
})

test('a key must have a namespace exactly when the kind has one', async () => {
  await expect(client.get(configMaps, { name: 'a' })).rejects.toThrow('without a namespace')
  await expect(client.get(clusterRoles, key)).rejects.toThrow('not namespaced')
})

test('an object that is not there is undefined, and its deletion succeeds', async () => {
  server.always(asked => {
    asked.json(404, status(404, 'NotFound', 'configmaps "a" not found', { name: 'a', kind: 'configmaps' }))
    return true
  })
  expect(await client.get(configMaps, key)).toBeUndefined()
  await expect(client.delete(configMaps, key)).resolves.toBeUndefined()
  await expect(client.patchMerge(configMaps, key, {})).rejects.toMatchObject({ reason: 'NotFound' })
})

test.each([
  ['group', (asked: Asked) => asked.text(404, '404 page not found\n')],
  [
    'kind',
    (asked: Asked) => asked.json(404, status(404, 'NotFound', 'the server could not find the requested resource')),
  ],
])('a %s that is not served is not taken for an object that is not there', async (_what, answer) => {
  const read = client.get(configMaps, key)
  answer(await server.take())
  await expect(read).rejects.toMatchObject({ reason: 'NotServed', code: 404 })
})

test('items of a list get the type that the server leaves out', async () => {
  const answer = client.list(configMaps, { namespace: 'ns', labelSelector: 'a=b,c', limit: 2, resourceVersion: '0' })
  const asked = await server.take()
  asked.json(200, listOf('42', [configMap('a', '7'), configMap('b', '9')], 'next'))
  expect(await answer).toEqual({
    items: [configMap('a', '7'), configMap('b', '9')],
    resourceVersion: '42',
    continue: 'next',
  })
  expect(Object.fromEntries(asked.query)).toEqual({ labelSelector: 'a=b,c', limit: '2', resourceVersion: '0' })
})

test('an empty list may come without items', async () => {
  const answer = client.list<KubeObject>(configMaps)
  const asked = await server.take()
  asked.json(200, { metadata: { resourceVersion: '1' }, items: null })
  expect(await answer).toEqual({ items: [], resourceVersion: '1' })
  expect(asked.path).toBe('/api/v1/configmaps')
})

test('a list is broken off by its signal', async () => {
  const stop = new AbortController()
  const answer = client.list(configMaps, { signal: stop.signal })
  const asked = await server.take()
  stop.abort(new Error('enough'))
  await expect(answer).rejects.toThrow('enough')
  await asked.closed
})

test('a probe takes any status for an answer and is sent once', async () => {
  const answer = client.probe('/readyz')
  const asked = await server.take()
  asked.text(500, '[-]etcd failed')
  expect(await answer).toMatchObject({ status: 500, body: '[-]etcd failed' })
  expect(server.requests).toEqual(['GET /readyz'])
})

test('a success that is no JSON did not come from an API server', async () => {
  const answer = client.get(configMaps, key)
  const asked = await server.take()
  asked.text(200, '<html>Please log in')
  await expect(answer).rejects.toMatchObject({ name: 'ApiError', message: expect.not.stringContaining('html') })
})
