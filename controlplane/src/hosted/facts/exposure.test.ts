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
import { renderService } from '../render/service.ts'
import { endpointDoubt } from './endpoint-truth.ts'

const withEndpoint = { ...cluster, spec: { controlPlaneEndpoint: { host: 'infra.example', port: 6443 } } }
const balanced = liveService('LoadBalancer', { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } })
const ofNodePort = liveService('NodePort')
const nodePort: Situation = {
  services: [ofNodePort],
  nodeAddresses: ['2001:db8::1', '192.0.2.1', '192.0.2.2'],
}
const own = { host: '10.96.7.7', port: 30443 }
const initialization = { controlPlaneInitialized: true }

describe('the endpoint is, in this order', () => {
  it.each<[string, ControlPlaneSpec, Situation, object | undefined]>([
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
    [
      'the first address of a node, and the allocated port',
      { service: { type: 'NodePort' } },
      nodePort,
      { host: '2001:db8::1', port: 31234 },
    ],
    [
      'the first address of a family that the Service has',
      { service: { type: 'NodePort' } },
      { ...nodePort, services: [{ ...ofNodePort, spec: { ...ofNodePort.spec, ipFamilies: ['IPv4'] } }] },
      { host: '192.0.2.1', port: 31234 },
    ],
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
    expect(observed(spec, rest).exposure.endpoint).toEqual(endpoint)
  })
})

describe('ports', () => {
  const apiPort = (spec: ControlPlaneSpec, rest: Situation = {}) => renderService(observed(spec, rest)).spec?.ports?.[0]

  it('are fixed for a ClusterIP and left to the API server for a NodePort', () => {
    expect(apiPort({})).toEqual({ name: 'api', protocol: 'TCP', port: 30443, targetPort: 'api' })
    expect(apiPort({ service: { type: 'NodePort' } })).not.toHaveProperty('nodePort')
    expect(observed({ service: { type: 'NodePort' } }).exposure.ports).toBeUndefined()
  })

  it('are the same again when the Service was deleted', () => {
    const status = { ports: { api: 31234, konnectivity: 31235, serviceType: 'NodePort' as const } }
    const again = { controlPlane: controlPlane({ service: { type: 'NodePort' } }, status) }
    expect(apiPort({}, again)).toMatchObject({ port: 31234, nodePort: 31234 })
  })

  it('of another type of Service are not taken over', () => {
    const status = { ports: { api: 31234, konnectivity: 31235, serviceType: 'NodePort' as const } }
    expect(apiPort({}, { controlPlane: controlPlane({}, status) })).toMatchObject({ port: 30443 })
  })

  it('come from the endpoint when the status is lost too', () => {
    const spec: ControlPlaneSpec = { service: { type: 'NodePort' }, controlPlaneEndpoint: { host: 'a', port: 31234 } }
    expect(apiPort(spec)).toMatchObject({ nodePort: 31234 })
    expect(apiPort({ ...spec, controlPlaneEndpoint: { host: 'a', port: 443 } })).not.toHaveProperty('nodePort')
  })
})

describe('the endpoint to publish', () => {
  const services = [liveService('ClusterIP')]
  it.each<[string, ControlPlaneSpec, Situation, object | undefined]>([
    ['is ours while nobody was told one', {}, {}, own],
    ['is nothing once the Cluster has one', {}, { cluster: withEndpoint }, undefined],
    [
      'is nothing when the Cluster will have one from its infrastructure',
      {},
      { infrastructureEndpoint: { host: 'infra.example', port: 6443 } },
      undefined,
    ],
    ["is nothing over a user's", { controlPlaneEndpoint: { host: 'a', port: 1 } }, {}, undefined],
    ['is nothing that is there already', { controlPlaneEndpoint: own }, {}, undefined],
  ])('%s', (_, spec, rest, endpoint) => {
    expect(observed(spec, { services, ...rest }).exposure.unpublished).toEqual(endpoint)
  })

  it('is nothing after the control plane was initialized', () => {
    const controlPlaneUp = controlPlane({}, { initialization })
    expect(observed({}, { services, controlPlane: controlPlaneUp }).exposure.unpublished).toBeUndefined()
  })

  it('replaces ours, but not once somebody can have used it', () => {
    const first = { host: '10.96.1.1', port: 30443 }
    const publishedBefore = (status: object) =>
      controlPlane({ controlPlaneEndpoint: first }, { publishedEndpoint: first, ...status })
    const replaced = observed({}, { services, controlPlane: publishedBefore({}) })
    expect(replaced.exposure.unpublished).toEqual(own)
    expect(replaced.exposure.endpoint).toEqual(own)
    expect(endpointDoubt(replaced)).toBeUndefined()
    const used = observed({}, { services, controlPlane: publishedBefore({ initialization }) })
    expect(used.exposure.unpublished).toBeUndefined()
    expect(used.exposure.endpoint).toEqual(first)
    expect(endpointDoubt(used)).toMatchObject({ reason: 'EndpointStale' })
  })
})

describe('a host that not every client reads alike', () => {
  const bad = { host: '10.0.0.300', port: 6443 }
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabCluster', name: 'lab' }
  const words = 'is "10.0.0.300": it ends in a number and is no IPv4 address; write a DNS name'

  it.each<[string, ControlPlaneSpec, Situation, string]>([
    ['our own endpoint', { controlPlaneEndpoint: bad }, {}, 'spec.controlPlaneEndpoint.host'],
    ['the external address', { externalAddress: bad.host }, {}, 'spec.externalAddress'],
    [
      'the Cluster',
      {},
      { cluster: { ...cluster, spec: { controlPlaneEndpoint: bad } } },
      'Cluster prod: spec.controlPlaneEndpoint.host',
    ],
    [
      'the infrastructure object',
      {},
      { cluster: { ...cluster, spec: { infrastructureRef } }, infrastructureEndpoint: bad },
      'LabCluster lab: spec.controlPlaneEndpoint.host',
    ],
    [
      'a load-balancer controller',
      { service: { type: 'LoadBalancer' } },
      { services: [liveService('LoadBalancer', { status: { loadBalancer: { ingress: [{ ip: bad.host }] } } })] },
      'Service kmc-prod-lb: status.loadBalancer.ingress',
    ],
  ])('from %s is no endpoint, is published nowhere, and is named', (_, spec, situation, field) => {
    const snapshot = observed(spec, { services: [liveService('ClusterIP')], ...situation })
    expect(snapshot.exposure.endpoint).toBeUndefined()
    expect(snapshot.exposure.unpublished).toBeUndefined()
    expect(renderEndpoint(snapshot).conditions).toEqual([
      {
        type: 'EndpointAvailable',
        status: 'False',
        reason: 'InvalidEndpoint',
        message: expect.stringContaining(`${field} ${words}`),
      },
    ])
  })

  it('takes nothing from an endpoint that is in use, and is named all the same', () => {
    const live = controlPlane(
      { externalAddress: bad.host, controlPlaneEndpoint: own },
      { publishedEndpoint: own, initialization },
    )
    const snapshot = observed({}, { controlPlane: live, services: [liveService('ClusterIP')] })
    expect(snapshot.exposure.endpoint).toEqual(own)
    expect(renderEndpoint(snapshot).conditions[0]).toMatchObject({ status: 'False', reason: 'InvalidEndpoint' })
  })

  it('stays the endpoint of a control plane that answered there, and is named all the same', () => {
    const fitting = { services: [liveService('ClusterIP')], kubeconfig: { server: 'https://10.0.0.300:6443' } }
    const used = controlPlane({ controlPlaneEndpoint: bad }, { initialization })
    const snapshot = observed({}, { ...fitting, controlPlane: used })
    expect(snapshot.exposure.endpoint).toEqual(bad)
    expect(renderEndpoint(snapshot).conditions[0]).toMatchObject({ status: 'False', reason: 'InvalidEndpoint' })
    const unused = controlPlane({ controlPlaneEndpoint: bad })
    expect(observed({}, { ...fitting, controlPlane: unused }).exposure.endpoint).toBeUndefined()
    const changed = controlPlane({ controlPlaneEndpoint: { ...bad, port: 443 } }, { initialization })
    expect(observed({}, { ...fitting, controlPlane: changed }).exposure.endpoint).toBeUndefined()
  })

  it('among the nodes is passed over', () => {
    const snapshot = observed(
      { service: { type: 'NodePort' } },
      { ...nodePort, nodeAddresses: ['-node.example', '192.0.2.2'] },
    )
    expect(snapshot.exposure.endpoint).toEqual({ host: '192.0.2.2', port: 31234 })
  })

  it('of any length makes a short condition', () => {
    const host = `${'x-'.repeat(5000)}`
    const [condition] = renderEndpoint(observed({ externalAddress: host })).conditions
    expect(condition?.message.length).toBeLessThan(400)
  })
})

describe('renderEndpoint names what it waits for', () => {
  it.each<[string, ControlPlaneSpec, Situation, string, string]>([
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
