import type { PodDisruptionBudget } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { budget, k0sPod, readyStatus } from '../../testing/observed.ts'
import { budgetWait, selects } from './budgets.ts'

const pod = k0sPod(readyStatus)
const own = budget('own', 1)

describe('a pod that serves may go', () => {
  it.each<[string, readonly PodDisruptionBudget[], string | undefined]>([
    ['without a budget', [], undefined],
    ['when its budget allows a disruption', [own], undefined],
    ['when others have budgets', [own, { ...budget('others', 0), spec: {} }], undefined],
    ['not when its budget allows none', [budget('own', 0)], 'PodDisruptionBudget own to allow a disruption'],
    [
      'not before Kubernetes has looked at its budget as it is',
      [{ ...own, metadata: { ...own.metadata, generation: 3 } }],
      'Kubernetes to look at PodDisruptionBudget own',
    ],
    [
      'not before Kubernetes has looked at its budget at all',
      [{ apiVersion: own.apiVersion, kind: own.kind, metadata: own.metadata, spec: own.spec ?? {} }],
      'Kubernetes to look at PodDisruptionBudget own',
    ],
    [
      'not while it has several budgets, whatever they allow',
      [own, budget('another', 1)],
      'all but one of the PodDisruptionBudgets another, own to be taken away: Kubernetes evicts no pod that several select',
    ],
  ])('%s', (_, budgets, wait) => {
    expect(budgetWait({ budgets }, pod)).toBe(wait)
  })
})

type Selector = NonNullable<PodDisruptionBudget['spec']>['selector']

const one = (key: string, operator: string, ...values: string[]): Selector => ({
  matchExpressions: [{ key, operator, values }],
})

it.each<[Selector | undefined, boolean]>([
  [undefined, false],
  [{}, true],
  [{ matchLabels: { cluster: 'prod', component: 'cluster' } }, true],
  [{ matchLabels: { cluster: 'prod', component: 'etcd' } }, false],
  [{ matchLabels: { cluster: 'prod' }, ...one('component', 'In', 'etcd') }, false],
  [one('cluster', 'In', 'test', 'prod'), true],
  [one('cluster', 'In', 'test'), false],
  [one('absent', 'In', 'prod'), false],
  [one('cluster', 'NotIn', 'test'), true],
  [one('cluster', 'NotIn', 'prod'), false],
  [one('absent', 'NotIn', 'prod'), true],
  [one('cluster', 'Exists'), true],
  [one('absent', 'Exists'), false],
  [one('absent', 'DoesNotExist'), true],
  [one('cluster', 'DoesNotExist'), false],
])('the selector %j selects the pod: %s', (selector, isSelected) => {
  expect(selects({ ...own, spec: { ...(selector && { selector }) } }, pod)).toBe(isSelected)
})
