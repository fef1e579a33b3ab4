import { expect, it } from 'vitest'
import { type ControlPlaneSpec, controlPlane, observed } from '../../testing/observed.ts'
import { unsupportedFields } from '../not-supported.ts'
import { renderService } from './service.ts'

const key = 'k0smotron.io/conversion-dropped-service.'
type ServiceType = NonNullable<NonNullable<ControlPlaneSpec['service']>['type']>

function observedWith(type: ServiceType, annotations: Readonly<Record<string, string>>) {
  const object = controlPlane({ service: { type } })
  const metadata = { ...object.metadata, annotations }
  return observed(object.spec, { controlPlane: { ...object, metadata } })
}

const all = {
  [`${key}labels`]: '{"team":"a","app":"theirs","component":"theirs"}',
  [`${key}annotations`]: '{"example.org/scheme":"internal"}',
  [`${key}externalTrafficPolicy`]: '"Local"',
  [`${key}loadBalancerClass`]: '"example.org/lb"',
}

it.each([
  ['ClusterIP', {}],
  ['NodePort', { externalTrafficPolicy: 'Local' }],
  ['LoadBalancer', { externalTrafficPolicy: 'Local', loadBalancerClass: 'example.org/lb' }],
] as const)('%s has what v1beta1 says of it, as far as such a Service can', (type, expected) => {
  const { metadata, spec = {} } = renderService(observedWith(type, all))
  const { externalTrafficPolicy, loadBalancerClass } = spec
  expect(JSON.parse(JSON.stringify({ externalTrafficPolicy, loadBalancerClass }))).toEqual(expected)
  expect(metadata.annotations).toEqual({ 'example.org/scheme': 'internal' })
  expect(metadata.labels).toMatchObject({ team: 'a', app: 'k0smotron', component: 'cluster' })
})

it('names an annotation that holds no value of its field', () => {
  const broken = observedWith('LoadBalancer', { [`${key}labels`]: 'team=a' })
  expect(unsupportedFields(broken)).toEqual([{ path: `metadata.annotations[${key}labels]`, blocks: false }])
  expect(renderService(broken).metadata).not.toHaveProperty('annotations')
})
