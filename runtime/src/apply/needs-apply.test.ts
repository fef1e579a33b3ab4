import type { KubeObject } from '@k0smotron-ts/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, intentAnnotation, intentHash, stripEmpty, withIntent } from './intent.ts'
import { needOf } from './needs-apply.ts'
import { type Fields, fieldsOf, holdsAll, holdsMore, otherManagers } from './owned-fields.ts'

const manager = 'operator'

interface Example extends KubeObject {
  readonly spec: object
}

const desired: Example = withIntent({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: { type: 'ClusterIP', ports: [{ name: 'api', port: 443 }], selector: { app: 'web' }, externalIPs: [] },
})

/** As a real API server writes it for `desired`. */
const ourFields: Fields = {
  'f:metadata': { 'f:annotations': { [`f:${intentAnnotation}`]: {} }, 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:ports': { 'k:{"port":443,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
    'f:selector': {},
    'f:type': {},
  },
}

const live = (fieldsV1: Fields, object: KubeObject = desired): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    resourceVersion: '7',
    managedFields: [
      { manager, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 },
      { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-02T00:00:00Z' },
      { manager: 'kube-controller-manager', operation: 'Update', time: '2026-01-01T00:00:00Z', subresource: 'status' },
    ],
  },
})

/** What the server leaves of an entry when a field is taken: parents without children go too. */
const without = (fields: Fields, ...path: readonly string[]): Fields => {
  const [first = '', ...rest] = path
  const { [first]: below, ...others } = fields
  const left = rest.length === 0 ? {} : without(below as Fields, ...rest)
  return Object.keys(left).length === 0 ? others : { ...others, [first]: left }
}

describe('needOf', () => {
  it('asks for nothing when the live copy carries our intent and all our fields', () => {
    expect(needOf(desired, live(ourFields), { manager })).toBe('unchanged')
  })

  it('does not look at values: the server rewrites them', () => {
    const rewritten = { ...live(ourFields), spec: { type: 'ClusterIP', ports: [{ port: 443, targetPort: 443 }] } }
    expect(needOf(desired, rewritten, { manager })).toBe('unchanged')
  })

  it.each<[string, KubeObject | undefined, string]>([
    ['nothing lives', undefined, 'absent'],
    [
      'another intent was applied',
      live(ourFields, { ...desired, metadata: { ...desired.metadata, annotations: {} } }),
      'changed',
    ],
    ['someone took a label', live(without(ourFields, 'f:metadata', 'f:labels', 'f:app')), 'taken'],
    ['someone took the type', live(without(ourFields, 'f:spec', 'f:type')), 'taken'],
    [
      'someone took the name of a port',
      live(without(ourFields, 'f:spec', 'f:ports', 'k:{"port":443,"protocol":"TCP"}', 'f:name')),
      'taken',
    ],
    [
      'someone removed a port',
      live(without(ourFields, 'f:spec', 'f:ports', 'k:{"port":443,"protocol":"TCP"}')),
      'taken',
    ],
    [
      'someone removed our entry',
      { ...live(ourFields), metadata: { ...live(ourFields).metadata, managedFields: [] } },
      'taken',
    ],
  ])('applies when %s', (_, found, need) => {
    expect(needOf(desired, found, { manager })).toBe(need)
  })
})

describe('intentHash', () => {
  it('is blind to the order of keys, to null, {} and []', () => {
    const noisy = {
      ...desired,
      spec: {
        externalIPs: [],
        selector: { app: 'web' },
        ports: [{ port: 443, name: 'api' }],
        type: 'ClusterIP',
        loadBalancerClass: null,
        sessionAffinityConfig: {},
      },
    }
    const plain = { ...desired, metadata: { ...desired.metadata, annotations: {} } }
    expect(intentHash({ ...noisy, metadata: plain.metadata })).toBe(intentHash(plain))
  })

  it('sees every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = canonicalJson(stripEmpty({ a })) === canonicalJson(stripEmpty({ a: b }))
        const object = (value: unknown) => ({ ...desired, spec: { a: value } })
        expect(intentHash(object(a)) === intentHash(object(b))).toBe(same)
      }),
    )
  })

  it('does not change the object', () => {
    const frozen = Object.freeze({ ...desired, metadata: Object.freeze({ ...desired.metadata }) })
    expect(withIntent(frozen).metadata.annotations).toHaveProperty(intentAnnotation)
  })
})

describe('owned fields', () => {
  it('holds sets by their members', () => {
    const fields: Fields = { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"a.io/x"': {} } } }
    expect(holdsAll(fields, { metadata: { finalizers: ['a.io/x'] } })).toBe(true)
    expect(holdsAll(fields, { metadata: { finalizers: ['a.io/x', 'b.io/y'] } })).toBe(false)
  })

  it('holds an owner reference as a whole', () => {
    const fields: Fields = { 'f:metadata': { 'f:ownerReferences': { 'k:{"uid":"u"}': {} } } }
    const reference = { apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u', controller: true }
    expect(holdsAll(fields, { metadata: { ownerReferences: [reference] } })).toBe(true)
    expect(holdsAll(fields, { metadata: { ownerReferences: [{ ...reference, uid: 'v' }] } })).toBe(false)
  })

  it('tells ports of two protocols apart', () => {
    const fields: Fields = {
      'f:ports': { 'k:{"port":53,"protocol":"UDP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} } },
    }
    expect(holdsAll(fields, { ports: [{ port: 53, protocol: 'UDP' }] })).toBe(true)
    expect(holdsAll(fields, { ports: [{ port: 53 }] })).toBe(false)
  })

  it.each<[string, object, boolean]>([
    ['the same leaves', { status: { replicas: 1, conditions: [{ type: 'Ready', status: 'True' }] } }, false],
    ['a leaf too few', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, true],
    ['a condition too few', { status: { replicas: 1, conditions: [] } }, true],
    ['a condition without its status', { status: { replicas: 1, conditions: [{ type: 'Ready' }] } }, true],
  ])('sees what is not wanted any more: %s', (_, value, more) => {
    const fields: Fields = {
      'f:status': {
        'f:replicas': {},
        'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:type': {}, 'f:status': {} } },
      },
    }
    expect(holdsMore(fields, value)).toBe(more)
  })

  it('finds only our own entry of the right subresource', () => {
    expect(fieldsOf(live(ourFields), { manager })).toBe(ourFields)
    expect(fieldsOf(live(ourFields), { manager, subresource: 'status' })).toBeUndefined()
    expect(otherManagers(live(ourFields), { manager })).toEqual(['kubectl-edit'])
  })
})
