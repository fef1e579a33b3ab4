import type { K0smotronCluster } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { hostedInput } from './snapshot.ts'

type Spec = K0smotronCluster['spec']
type Status = NonNullable<K0smotronCluster['status']>

const inputOf = (spec: Spec, status: Status = {}) =>
  hostedInput(
    {
      apiVersion: 'k0smotron.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'c', namespace: 'n', uid: 'u' },
      spec,
      status,
    },
    undefined,
  )

it.each<[string, Spec, string | undefined]>([
  ['nothing', {}, 'NodePort'],
  ['another field', { replicas: 1 }, 'NodePort'],
  ['a service without its type', { service: { apiPort: 6443 } }, undefined],
  ['a service', { service: { type: 'LoadBalancer' } }, 'LoadBalancer'],
])('a spec with %s is exposed so', (_, spec, type) => {
  expect(inputOf(spec).spec.service?.type).toBe(type)
})

const published = { host: '10.0.0.1', port: 31234 }

it.each<[string, Spec, Status, object | undefined]>([
  ['none before it is published', {}, {}, undefined],
  ['the published one', {}, { publishedEndpoint: published }, published],
  [
    'the published one, where the spec says the same',
    { externalAddress: '10.0.0.1' },
    { publishedEndpoint: published },
    published,
  ],
  [
    'another one, with the port of now, where the spec says so',
    { externalAddress: 'lb.example.org' },
    { publishedEndpoint: published, ports: { api: 30443, konnectivity: 30132 } },
    { host: 'lb.example.org', port: 30443 },
  ],
])('the endpoint in use is %s', (_, spec, status, expected) => {
  expect(inputOf(spec, status).endpoints.spec).toEqual(expected)
})

it('that the API server has answered is remembered by its condition', () => {
  const condition = {
    type: 'Initialized',
    status: 'True',
    reason: 'Initialized',
    message: '',
    lastTransitionTime: '',
  } as const
  expect(inputOf({}, { conditions: [condition] }).memory.initialized).toBe(true)
  expect(inputOf({}).memory.initialized).toBe(false)
})
