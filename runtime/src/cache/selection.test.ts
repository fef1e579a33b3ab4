// Selectors and versions read as the API server reads them — core
import { expect, test } from 'vitest'
import { configMap } from '../testing/kubernetes-answers.ts'
import { parseLabelSelector } from './label-selector.ts'
import { trimManagedFields } from './managed-fields.ts'
import { compareVersions } from './resource-version.ts'
import { nameSelector, selects } from './selection.ts'

const labels = { app: 'k0s', 'cluster.x-k8s.io/cluster-name': 'c1', empty: '' }

test.each([
  ['', true],
  ['app', true],
  ['nope', false],
  ['!app', false],
  ['! nope', true],
  ['app=k0s', true],
  ['app == k0s', true],
  ['app=other', false],
  ['app!=other', true],
  ['app!=k0s', false],
  ['nope!=x', true],
  ['empty=', true],
  ['cluster.x-k8s.io/cluster-name=c1,app', true],
  ['app=k0s,nope', false],
  ['app in (a, k0s)', true],
  ['app in (a,b)', false],
  ['nope in (a,b)', false],
  ['app notin (a,b)', true],
  ['app notin (k0s)', false],
  ['nope notin (a)', true],
  ['app in (k0s,b),cluster.x-k8s.io/cluster-name notin (c2,c3),!x', true],
])('labels match %j: %s', (selector, matches) => {
  expect(parseLabelSelector(selector)(labels)).toBe(matches)
})

test.each(['a=b=c', 'a in b', '=b', 'a b', 'a in (b'])('%j is no selector', selector => {
  expect(() => parseLabelSelector(selector)).toThrow('is not a label selector')
})

test('a name cannot become another selector', () => {
  expect(nameSelector(String.raw`a,metadata.namespace=b\c`)).toBe(String.raw`metadata.name=a\,metadata.namespace\=b\\c`)
  expect(selects({ fieldSelector: nameSelector('a,b') })(configMap('a,b', '1'))).toBe(true)
})

test('of field selectors only that of a name is understood; others never match', () => {
  expect(selects({ fieldSelector: nameSelector('a') })(configMap('a', '1'))).toBe(true)
  expect(selects({ fieldSelector: nameSelector('a') })(configMap('b', '1'))).toBe(false)
  expect(selects({ fieldSelector: 'type=Opaque' })(configMap('a', '1'))).toBe(false)
})

test.each([
  ['9', '10', -1],
  ['10', '9', 1],
  ['7', '7', 0],
  ['99999999999999999998', '99999999999999999999', -1],
  ['x', 'x', 0],
  ['x', 'y', undefined],
  ['1', '', undefined],
  ['01', '1', undefined],
])('version %j against %j: %s', (a, b, expected) => {
  const order = compareVersions(a, b)
  expect(order && Math.sign(order)).toBe(expected)
})

test('our entries of managedFields stay whole, of others only who and when', () => {
  const entry = (manager: string): object => ({
    manager,
    operation: 'Apply',
    apiVersion: 'v1',
    time: '2026-01-02T03:04:05Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': {} },
    subresource: 'status',
  })
  const object = configMap('a', '1')
  const managed = { ...object, metadata: { ...object.metadata, managedFields: [entry('me'), entry('other')] } }
  expect(trimManagedFields(managed, 'me').metadata.managedFields).toEqual([
    entry('me'),
    { manager: 'other', operation: 'Apply', subresource: 'status', time: '2026-01-02T03:04:05Z' },
  ])
  expect(trimManagedFields(object, 'me')).toBe(object)
})
