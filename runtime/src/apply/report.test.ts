// One status apply per pass, skipped when nothing would change — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { createClient } from '../client/client.ts'
import { manualClock } from '../testing/clock.ts'
import type { Fields } from './owned-fields.ts'
import { report } from './report.ts'

const widgets: ResourceType = {
  group: 'example.org',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
}

/** As a real API server writes it for a status with one list of each kind. */
const ourFields: Fields = {
  'f:status': {
    'f:observedGeneration': {},
    'f:addresses': {}, // x-kubernetes-list-type: atomic
    'f:zones': { '.': {}, 'v:"a"': {}, 'v:"b"': {} }, // set
    'f:ports': { '.': {}, 'k:{"name":"api"}': { '.': {}, 'f:name': {}, 'f:port': {} } }, // map
  },
}

const told = { addresses: ['10.0.0.1', '10.0.0.2'], zones: ['a', 'b'], ports: [{ name: 'api', port: 443 }] }

const live = (status: object): KubeObject & { readonly status: object } => ({
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  metadata: {
    namespace: 'ns',
    name: 'one',
    uid: 'u',
    generation: 1,
    managedFields: [{ manager: 'me', operation: 'Apply', subresource: 'status', fieldsV1: ourFields }],
  },
  status: { observedGeneration: 1, ...status },
})

/** How many applies it takes to tell `draft` where `status` stands already. */
async function applies(status: object, draft: object): Promise<number> {
  let count = 0
  const client = createClient({
    host: 'memory',
    send: async ({ body = '' }) => {
      count++
      return answer(body)
    },
    close: async () => undefined,
  })
  const clock = manualClock()
  const deps = { client, fieldManager: 'me', now: () => clock.now() }
  await report(deps, { type: widgets, object: live(status), draft: { conditions: [], ...draft } })
  return count
}

const answer = (text: string) => ({
  status: 200,
  headers: {},
  body: (async function* () {
    yield new TextEncoder().encode(text)
  })(),
})

test('what stands there already is not told again, whatever others added to lists that are shared', async () => {
  const shared = {
    zones: ['x', 'b', 'a'],
    ports: [
      { name: 'other', port: 1 },
      { name: 'api', port: 443, by: 'other' },
    ],
  }
  expect(await applies(told, told)).toBe(0)
  expect(await applies({ ...told, ...shared }, told)).toBe(0)
})

test.each<[string, object]>([
  ['an atomic list got shorter', { addresses: ['10.0.0.1'] }],
  ['an atomic list has another order', { addresses: ['10.0.0.2', '10.0.0.1'] }],
  ['an atomic list got longer', { addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] }],
  ['an atomic list is not wanted any more', { addresses: [] }],
  ['a set got smaller', { zones: ['a'] }],
  ['a set got larger', { zones: ['a', 'b', 'c'] }],
  ['an entry of a map has another value', { ports: [{ name: 'api', port: 6443 }] }],
  ['an entry of a map has another key', { ports: [{ name: 'web', port: 443 }] }],
])('%s: told', async (_, change) => {
  expect(await applies(told, { ...told, ...change })).toBe(1)
})

test('what someone else changed is told again', async () => {
  expect(await applies({ ...told, ports: [{ name: 'api', port: 1 }] }, told)).toBe(1)
  expect(await applies({ ...told, zones: ['a'] }, told)).toBe(1)
})
