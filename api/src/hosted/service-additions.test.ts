import { expect, it } from 'vitest'
import { serviceAdditions } from './service-additions.ts'

const key = 'k0smotron.io/conversion-dropped-service.'

it('reads what k0smotron wrote', () => {
  const annotations = {
    other: '"Local"',
    [`${key}labels`]: '{"a":"b"}',
    [`${key}annotations`]: '{"c":"d"}',
    [`${key}externalTrafficPolicy`]: '"Local"',
    [`${key}loadBalancerClass`]: '"example.org/lb"',
  }
  expect(serviceAdditions({ annotations })).toEqual({
    labels: { a: 'b' },
    annotations: { c: 'd' },
    externalTrafficPolicy: 'Local',
    loadBalancerClass: 'example.org/lb',
    invalid: [],
  })
  expect(serviceAdditions({})).toEqual({ invalid: [] })
})

it.each([
  ['labels', '{"a":1}'],
  ['labels', '["a"]'],
  ['labels', '{'],
  ['annotations', 'null'],
  ['annotations', JSON.stringify({ a: 'x'.repeat(2049) })],
  ['externalTrafficPolicy', 'Local'],
  ['externalTrafficPolicy', '"Global"'],
  ['loadBalancerClass', '{"__proto__":{}}'],
])('takes no %s %s, and says so', (name, value) => {
  expect(serviceAdditions({ annotations: { [key + name]: value } })).toEqual({ invalid: [key + name] })
})
