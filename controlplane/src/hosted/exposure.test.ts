import { describe, expect, it } from 'vitest'
import { cluster, controlPlane, liveService, observed } from '../testing/observed.ts'
import { renderEndpoint } from './endpoint.ts'
import { endpointManager, endpointOf, endpointToPublish, publishedPorts, staleEndpoint } from './exposure.ts'
import type { HostedSpec, Observed } from './observed.ts'
import { renderService } from './render/service.ts'

const withEndpoint = { ...cluster, spec: { controlPlaneEndpoint: { host: 'infra.example', port: 6443 } } }
const balanced = liveService('LoadBalancer', { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } })
const nodePort: Partial<Observed> = { services: [liveService('NodePort')], nodeAddress: '192.0.2.1' }

describe('endpointOf takes, in this order', () => {
  it.each<[string, HostedSpec, Partial<Observed>, object | undefined]>([
    [
      "the spec's endpoint",
      { controlPlaneEndpoint: { host: 'a', port: 1 }, externalAddress: 'b' },
      { cluster: withEndpoint },
      { host: 'a', port: 1 },
    ],
    ['the external address', { externalAddress: 'b' }, { cluster: withEndpoint }, { host: 'b', port: 6443 }],
    [
      "the Cluster's endpoint",
      {},
      { cluster: withEndpoint, services: [liveService('ClusterIP')] },
      { host: 'infra.example', port: 6443 },
    ],
    [
      'the endpoint that the Cluster will have from its infrastructure',
      {},
      { infrastructureEndpoint: { host: 'infra.example', port: 6443 }, services: [liveService('ClusterIP')] },
      { host: 'infra.example', port: 6443 },
    ],
    [
      'the address of a ClusterIP Service',
      {},
      { services: [liveService('ClusterIP')] },
      { host: '10.96.7.7', port: 30443 },
    ],
    [
      'the address of a LoadBalancer',
      { service: { type: 'LoadBalancer' } },
      { services: [balanced] },
      { host: '203.0.113.7', port: 30443 },
    ],
    ['a node and the allocated port', { service: { type: 'NodePort' } }, nodePort, { host: '192.0.2.1', port: 31234 }],
    ['nothing while the Service is not there', {}, {}, undefined],
    [
      'nothing while the LoadBalancer has no address',
      { service: { type: 'LoadBalancer' } },
      { services: [liveService('LoadBalancer')] },
      undefined,
    ],
    [
      'nothing while the NodePort is not allocated',
      { externalAddress: 'b', service: { type: 'NodePort' } },
      {},
      undefined,
    ],
  ])('%s', (_, spec, rest, endpoint) => {
    expect(endpointOf(observed(spec, rest))).toEqual(endpoint)
  })
})

describe('ports', () => {
  const apiPort = (spec: HostedSpec, rest: Partial<Observed> = {}) =>
    renderService(observed(spec, rest)).spec?.ports?.[0]

  it('are fixed for a ClusterIP and left to the API server for a NodePort', () => {
    expect(apiPort({})).toEqual({ name: 'api', protocol: 'TCP', port: 30443, targetPort: 'api' })
    expect(apiPort({ service: { type: 'NodePort' } })).not.toHaveProperty('nodePort')
    expect(publishedPorts(observed({ service: { type: 'NodePort' } }))).toBeUndefined()
  })

  it('are the same again when the Service was deleted', () => {
    const status = { ports: { api: 31234, konnectivity: 31235 } }
    const again = { controlPlane: controlPlane({ service: { type: 'NodePort' } }, status) }
    expect(apiPort({}, again)).toMatchObject({ port: 31234, nodePort: 31234 })
  })

  it('come from the endpoint when the status is lost too', () => {
    const spec: HostedSpec = { service: { type: 'NodePort' }, controlPlaneEndpoint: { host: 'a', port: 31234 } }
    expect(apiPort(spec)).toMatchObject({ nodePort: 31234 })
    expect(apiPort({ ...spec, controlPlaneEndpoint: { host: 'a', port: 443 } })).not.toHaveProperty('nodePort')
  })
})

describe('endpointToPublish', () => {
  it('is ours while nobody was told one, and nothing once the Cluster or the spec has one', () => {
    const services = [liveService('ClusterIP')]
    expect(endpointToPublish(observed({}, { services }))).toEqual({ host: '10.96.7.7', port: 30443 })
    expect(endpointToPublish(observed({}, { services, cluster: withEndpoint }))).toBeUndefined()
    const infrastructureEndpoint = { host: 'infra.example', port: 6443 }
    expect(endpointToPublish(observed({}, { services, infrastructureEndpoint }))).toBeUndefined()
    expect(endpointToPublish(observed({ controlPlaneEndpoint: { host: 'a', port: 1 } }, { services }))).toBeUndefined()
  })

  it('is nothing after the control plane was initialized', () => {
    const initialized = controlPlane({}, { initialization: { controlPlaneInitialized: true } })
    expect(
      endpointToPublish(observed({}, { services: [liveService('ClusterIP')], controlPlane: initialized })),
    ).toBeUndefined()
  })
})

describe('an endpoint that is not true any more', () => {
  const told = (manager: string) => {
    const object = controlPlane({
      service: { type: 'LoadBalancer' },
      controlPlaneEndpoint: { host: '203.0.113.1', port: 30443 },
    })
    return { ...object, metadata: { ...object.metadata, managedFields: [{ manager, operation: 'Update' }] } }
  }

  it('is said with old, new and remedy when we published it', () => {
    const snapshot = observed({}, { controlPlane: told(endpointManager), services: [balanced] })
    expect(staleEndpoint(snapshot)).toEqual({
      told: { host: '203.0.113.1', port: 30443 },
      now: { host: '203.0.113.7', port: 30443 },
    })
    expect(renderEndpoint(snapshot).conditions).toEqual([
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

  it('is the business of the user who set it', () => {
    expect(staleEndpoint(observed({}, { controlPlane: told('kubectl'), services: [balanced] }))).toBeUndefined()
  })
})

describe('renderEndpoint names what it waits for', () => {
  it.each<[string, HostedSpec, Partial<Observed>, string, string]>([
    ['the Service', {}, {}, 'WaitingForService', 'waiting for the Service'],
    [
      'a load balancer',
      { service: { type: 'LoadBalancer' } },
      { services: [liveService('LoadBalancer')] },
      'WaitingForLoadBalancer',
      'Service kmc-prod-lb',
    ],
    [
      'a node',
      { service: { type: 'NodePort' } },
      { services: [liveService('NodePort')] },
      'WaitingForNodeAddress',
      'set spec.externalAddress',
    ],
  ])('%s', (_, spec, rest, reason, words) => {
    const [condition] = renderEndpoint(observed(spec, rest)).conditions
    expect(condition).toMatchObject({ status: 'False', reason, message: expect.stringContaining(words) })
  })
})
