import type { Condition } from '@k0smotron-ts/api'
import type { Wait, WorkloadAnswer } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  cluster,
  controlPlane,
  liveService,
  observed,
  type Situation,
} from '../../testing/observed.ts'
import { renderEndpoint } from '../phases/endpoint.ts'
import { endpointDoubt } from './endpoint-truth.ts'

const reported = (condition: { status: 'True' | 'False'; reason: string; message: string }) => ({
  type: 'EndpointAvailable',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...condition,
})
const initialization = { controlPlaneInitialized: true }
const elsewhere = { host: '198.51.100.99', port: 6443 }
const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabCluster', name: 'f01' }
const withAddresses = (...addresses: readonly string[]) =>
  liveService('LoadBalancer', { status: { loadBalancer: { ingress: addresses.map(ip => ({ ip })) } } })

describe('an endpoint of ours that is in use and not true any more', () => {
  const before = { host: '203.0.113.1', port: 30443 }
  const published = controlPlane(
    { service: { type: 'LoadBalancer' }, controlPlaneEndpoint: before },
    { publishedEndpoint: before, initialization },
  )
  const with_ = (...addresses: readonly string[]) =>
    observed({}, { controlPlane: published, services: [withAddresses(...addresses)] })

  it('is said with old, new and remedy', () => {
    expect(renderEndpoint(with_('203.0.113.7')).conditions).toEqual([
      {
        type: 'EndpointAvailable',
        status: 'False',
        reason: 'EndpointStale',
        message: expect.stringMatching(
          /told 203\.0\.113\.1:30443.*exposed at 203\.0\.113\.7:30443.*make .* lead here again/,
        ),
      },
    ])
  })

  it('is said when the Service lost its address', () => {
    expect(endpointDoubt(with_())).toEqual({
      reason: 'EndpointStale',
      message: expect.stringContaining('told 203.0.113.1:30443, but Service kmc-prod-lb has no address now'),
    })
  })

  it('is none while any of the addresses leads here, and while the Service is made anew', () => {
    expect(endpointDoubt(with_('203.0.113.7', '203.0.113.1'))).toBeUndefined()
    expect(endpointDoubt(observed({}, { controlPlane: published }))).toBeUndefined()
  })

  it('is said when someone else has the address now', () => {
    const workloadAPI = { ready: true, message: '', endpoint: 'foreign' } as const
    expect(endpointDoubt({ ...with_('203.0.113.1'), workloadAPI })).toEqual({
      reason: 'EndpointMismatch',
      message: 'who answers at 203.0.113.1:30443 has no certificate of this cluster: the address leads elsewhere',
    })
  })
})

describe('an endpoint of ours at which nobody answers, while the API server is ready through its Service', () => {
  const own = { host: 'lb.example.org', port: 30443 }
  const spec = { externalAddress: own.host, controlPlaneEndpoint: own }
  const conditionWith = (workloadAPI: WorkloadAnswer | undefined, conditions: readonly Condition[] = []) => {
    const status = { publishedEndpoint: own, initialization, conditions }
    const live = observed({}, { controlPlane: controlPlane(spec, status), services: [liveService('ClusterIP')] })
    return renderEndpoint({ ...live, ...(workloadAPI && { workloadAPI }) }).conditions[0]
  }
  const silent = { ready: true, message: '', endpoint: 'silent' } as const

  it('stays believed, and people are told what k0s does not do', () => {
    expect(conditionWith(silent)).toMatchObject({
      status: 'True',
      reason: 'EndpointAvailable',
      message: expect.stringMatching(
        /^clients and workers use lb\.example\.org:30443 \(.* nobody answers there when asked/,
      ),
    })
  })

  it.each<[string, WorkloadAnswer]>([
    ['it answers there', { ...silent, endpoint: 'same' }],
    ['nobody asked there', { ready: true, message: '' }],
    ['the API server is not ready', { ...silent, ready: false }],
  ])('nothing is told when %s', (_, workloadAPI) => {
    expect(conditionWith(workloadAPI)?.message).toBe('clients and workers use lb.example.org:30443')
  })

  it('says the same after a restart of the manager, until there is an answer', () => {
    const { reason = '', message = '' } = conditionWith(silent) ?? {}
    const known = [reported({ status: 'True', reason, message })]
    expect(conditionWith(undefined, known)?.message).toBe(message)
    expect(conditionWith(undefined)?.message).toBe('clients and workers use lb.example.org:30443')
  })
})

describe('what was said of an endpoint stays said until there is an answer', () => {
  const lost: Situation = {
    cluster: { ...cluster, spec: { infrastructureRef } },
    infrastructureEndpoint: elsewhere,
    services: [withAddresses('198.51.100.7')],
  }
  const spec: ControlPlaneSpec = { service: { type: 'LoadBalancer', apiPort: 6443, konnectivityPort: 8132 } }
  const own = { host: '198.51.100.7', port: 6443 }
  const ours = controlPlane({ ...spec, controlPlaneEndpoint: own }, { publishedEndpoint: own, initialization })

  it.each<[string, 'silent' | 'foreign', Situation]>([
    ['nobody answered at', 'silent', lost],
    ['another server has', 'foreign', lost],
    ['another server has, and we published', 'foreign', { services: lost.services ?? [], controlPlane: ours }],
  ])('one that %s', (_, endpoint, situation) => {
    const { controlPlane: object = controlPlane(spec, { initialization }) } = situation
    const told = endpointDoubt(observed(spec, { ...situation, workloadAPI: { ready: true, message: '', endpoint } }))
    if (!told) throw new Error('nothing is told')
    expect(told.reason).toBe('EndpointMismatch')
    const after = (condition: Wait): Situation => ({
      ...situation,
      controlPlane: {
        ...object,
        status: { ...object.status, conditions: [reported({ status: 'False', ...condition })] },
      },
    })
    expect(endpointDoubt(observed(spec, after(told)))).toEqual(told)
    const before = endpointDoubt(observed(spec, { ...situation, controlPlane: object }))
    const other = { ...told, message: told.message.replace(/:6443/g, ':64430') }
    expect(endpointDoubt(observed(spec, after(other)))).toEqual(before)
  })
})

it('an endpoint that is in use and was taken back by those who wrote it down is said, with where the control plane is', () => {
  const spec: ControlPlaneSpec = { service: { type: 'LoadBalancer' } }
  const services = [withAddresses('203.0.113.7')]
  const used = { controlPlane: controlPlane(spec, { initialization }), services }
  expect(endpointDoubt(observed(spec, used))).toEqual({
    reason: 'EndpointStale',
    message:
      'Cluster prod has no endpoint any more, and workers were told the one that it had; the control plane is exposed at 203.0.113.7:30443; write it back, or set spec.controlPlaneEndpoint',
  })
  expect(endpointDoubt(observed(spec, { services }))).toBeUndefined()
})

it('an endpoint that was never written down anywhere, as when our own write was refused, is not said to be taken back', () => {
  const spec: ControlPlaneSpec = { service: { type: 'LoadBalancer' } }
  const after = (condition: Parameters<typeof reported>[0]) =>
    observed(spec, {
      services: [withAddresses('203.0.113.7')],
      // as it is once it was rewritten, which comes before this is judged
      kubeconfig: { server: 'https://203.0.113.7:30443' },
      controlPlane: controlPlane(spec, { initialization, conditions: [reported(condition)] }),
    })
  const used = (message: string) => after({ status: 'True', reason: 'EndpointAvailable', message })
  for (const situation of [
    after({ status: 'False', reason: 'ApplyRefused', message: '' }),
    after({ status: 'False', reason: 'RequestsFailing', message: '' }),
    used('clients and workers use 203.0.113.7:30443'),
  ]) {
    expect(endpointDoubt(situation)).toBeUndefined()
    expect(situation.exposure.unpublished).toEqual({ host: '203.0.113.7', port: 30443 })
  }
  for (const situation of [
    after({ status: 'False', reason: 'EndpointStale', message: '' }),
    used('clients and workers use 203.0.113.7:304430'),
  ]) {
    expect(endpointDoubt(situation)).toMatchObject({ reason: 'EndpointStale' })
    expect(situation.exposure.unpublished).toBeUndefined()
  }
})

describe('an endpoint that somebody else wrote down', () => {
  const spec: ControlPlaneSpec = { service: { type: 'LoadBalancer', apiPort: 6443, konnectivityPort: 8132 } }
  const placeholder: Situation = {
    cluster: { ...cluster, spec: { infrastructureRef } },
    infrastructureEndpoint: elsewhere,
    services: [withAddresses('198.51.100.7')],
  }
  const reasonWith = (workloadAPI: Situation['workloadAPI'], rest: Situation = {}) =>
    endpointDoubt(observed(spec, { ...placeholder, ...rest, ...(workloadAPI && { workloadAPI }) }))

  it('is not believed before the API server has answered there; object and Service are named', () => {
    expect(reasonWith(undefined)).toEqual({
      reason: 'WaitingForEndpointAnswer',
      message:
        'nobody has answered yet as this API server at 198.51.100.99:6443, which LabCluster f01 gives, and Service kmc-prod-lb is reached at 198.51.100.7; does the one lead to the other?',
    })
    expect(reasonWith({ ready: false, message: 'm', endpoint: 'silent' })?.reason).toBe('WaitingForEndpointAnswer')
  })

  it('is a mismatch when the API server answers, and not there', () => {
    expect(reasonWith({ ready: true, message: '', endpoint: 'silent' })).toMatchObject({ reason: 'EndpointMismatch' })
    expect(reasonWith({ ready: true, message: '', endpoint: 'foreign' })).toMatchObject({ reason: 'EndpointMismatch' })
  })

  it('is believed when the API server answers there, where nobody asks there, and when it is an address of the Service', () => {
    expect(reasonWith({ ready: true, message: '', endpoint: 'same' })).toBeUndefined()
    expect(reasonWith({ ready: true, message: '' })).toBeUndefined()
    expect(reasonWith(undefined, { services: [withAddresses(elsewhere.host)] })).toBeUndefined()
  })

  it('stays believed through an outage and a restart, as long as it is the same', () => {
    const known = (message: string) => ({
      controlPlane: controlPlane(spec, {
        initialization,
        conditions: [reported({ status: 'True', reason: 'EndpointAvailable', message })],
      }),
    })
    expect(reasonWith(undefined, known('clients and workers use 198.51.100.99:6443'))).toBeUndefined()
    const outage = { ready: false, message: 'm', endpoint: 'silent' } as const
    expect(reasonWith(outage, known('clients and workers use 198.51.100.99:6443'))).toBeUndefined()
    expect(reasonWith(undefined, known('clients and workers use 203.0.113.1:6443'))).toBeDefined()
    expect(reasonWith(undefined, known('clients and workers use 198.51.100.99:64430'))).toBeDefined()
    expect(reasonWith(undefined, known('clients and workers use 8198.51.100.99:6443'))).toBeDefined()
  })
})

it.each<[string, ControlPlaneSpec, Situation]>([
  ['the Cluster', {}, { cluster: { ...cluster, spec: { controlPlaneEndpoint: elsewhere } } }],
  [
    'the infrastructure object',
    {},
    { cluster: { ...cluster, spec: { infrastructureRef } }, infrastructureEndpoint: elsewhere },
  ],
])('%s and our own object with two endpoints are told', (_, spec, situation) => {
  const own = { host: 'lb.example.org', port: 6443 }
  const doubt = endpointDoubt(observed({ ...spec, controlPlaneEndpoint: own }, situation))
  expect(doubt?.reason).toBe('EndpointMismatch')
  expect(doubt?.message).toMatch(
    /^(Cluster prod|LabCluster f01|LabCluster lab) has the endpoint 198\.51\.100\.99:6443, and this control plane lb\.example\.org:6443/,
  )
})
