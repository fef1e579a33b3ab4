import {
  clusterNamespaceAnnotation,
  type JoinTokenRequest,
  joinTokenNamespacesAnnotation,
  type K0smotronCluster,
} from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import { planOf } from './plan.ts'

const now = new Date('2026-05-01T12:00:00Z')
const initialized = { type: 'Initialized', status: 'True', reason: 'Initialized', message: '', lastTransitionTime: '' }

const cluster = (rest: { readonly annotations?: Record<string, string>; readonly status?: object } = {}) =>
  ({
    apiVersion: 'k0smotron.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'c', namespace: 'n', uid: 'u', ...(rest.annotations && { annotations: rest.annotations }) },
    spec: {},
    status: rest.status ?? { publishedEndpoint: { host: 'fd00::1', port: 31234 }, conditions: [initialized] },
  }) as K0smotronCluster

const secret = (name: string): KubeSecret => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'n' } })
const keys = { ca: secret('c-ca'), kubeconfig: secret('c-kubeconfig') }

function observed(
  spec: Partial<JoinTokenRequest['spec']>,
  rest: Partial<Observed> & { readonly status?: JoinTokenRequest['status']; readonly of?: string } = {},
): Observed {
  const { status, of, ...live } = rest
  const metadata = { name: 'r', namespace: 'n', ...(of && { annotations: { [clusterNamespaceAnnotation]: of } }) }
  const request = {
    apiVersion: 'k0smotron.io/v1beta2',
    kind: 'JoinTokenRequest',
    metadata,
    spec: { clusterName: 'c', ...spec },
  }
  return {
    now,
    request: { ...request, ...(status && { status }) } as JoinTokenRequest,
    secrets: keys,
    cluster: cluster(),
    ...live,
  }
}

const without = ({ cluster: _, ...rest }: Observed): Observed => rest
const listing = (annotation: string) => cluster({ annotations: { [joinTokenNamespacesAnnotation]: annotation } })
const reasonOf = (plan: ReturnType<typeof planOf>) => ('wait' in plan ? `${plan.kind} ${plan.wait.reason}` : plan.kind)

it.each<[string, Observed, string]>([
  ['a Cluster that answers', observed({}), 'issue'],
  ['no Cluster', without(observed({})), 'wait WaitingForCluster'],
  [
    'a Cluster that has never answered',
    observed({}, { cluster: cluster({ status: {} }) }),
    'wait WaitingForControlPlane',
  ],
  ['a Cluster without its Secrets', observed({}, { secrets: {} }), 'wait WaitingForControlPlane'],
  ['an expiry that is none', observed({ expiry: '1h; reboot' }), 'wait InvalidExpiry'],
  ['an expiry beyond all dates', observed({ expiry: '999999999h' }), 'wait InvalidExpiry'],
  ['a Cluster that is gone', without(observed({}, { status: { clusterUID: 'u' } })), 'leave'],
  ['another Cluster of that name', observed({}, { status: { clusterUID: 'old' } }), 'leave'],
  ['a Cluster elsewhere since', observed({}, { of: 'm', status: { clusterUID: 'u' } }), 'leave'],
  ['a Cluster elsewhere, which is not there', without(observed({}, { of: 'm' })), 'withdraw NamespaceNotAllowed'],
  ['a Cluster elsewhere that lists nobody', observed({}, { of: 'm' }), 'withdraw NamespaceNotAllowed'],
  [
    'a Cluster elsewhere that lists others',
    observed({}, { of: 'm', cluster: listing('nn, x') }),
    'withdraw NamespaceNotAllowed',
  ],
  ['a Cluster elsewhere that lists this namespace', observed({}, { of: 'm', cluster: listing('x, n') }), 'issue'],
  ['a token in time', observed({ expiry: '2h' }, { status: { issuedAt: '2026-05-01T10:00:01Z' } }), 'issue'],
  [
    'a token whose time is over',
    observed({ expiry: '2h' }, { status: { issuedAt: '2026-05-01T10:00:00Z' } }),
    'end Expired',
  ],
])('%s', (_, situation, expected) => {
  expect(reasonOf(planOf(situation))).toBe(expected)
})

it('who may not join a Cluster elsewhere is not told whether there is one', () => {
  expect(planOf(observed({}, { of: 'm' }))).toEqual(planOf(without(observed({}, { of: 'm' }))))
})

it('neither a lost status nor a lost Secret makes a token live longer', () => {
  const issuedAt = '2026-05-01T10:00:00Z'
  const token = { ...secret('r'), metadata: { annotations: { 'k0smotron.io/issued-at': issuedAt } } }
  expect(reasonOf(planOf(observed({ expiry: '1h' }, { secrets: { ...keys, token } })))).toBe('end Expired')
  expect(reasonOf(planOf(observed({ expiry: '1h' }, { status: { issuedAt } })))).toBe('end Expired')
  expect(planOf(observed({ expiry: '3h' }, { status: { issuedAt } }))).toMatchObject({
    expiresAt: new Date('2026-05-01T13:00:00Z'),
  })
})

it.each([
  ['worker', 'https://[fd00::1]:31234'],
  ['controller', 'https://[fd00::1]:9443'],
] as const)('a %s joins at %s', (role, server) => {
  expect(planOf(observed({ role }))).toMatchObject({ target: { server } })
})
