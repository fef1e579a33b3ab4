import { isPaused, namesOf } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { heldConditions } from '../../hosted/report/verdict.ts'
import {
  type ControlPlaneSpec,
  cluster,
  controlPlane,
  liveSet,
  type Situation,
  snapshot,
} from '../../testing/observed.ts'
import { blockedBy } from './gate.ts'
import { settledStatus } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

const version = 'v1.36.3+k0s.1'
const sets = [liveSet(namesOf('prod').statefulSet, {})]
const isPausedIn = (observed: Snapshot) => isPaused(observed.cluster, observed.controlPlane)

describe('the gate', () => {
  const orphan = {
    ...controlPlane({ version }),
    metadata: { ...controlPlane({ version }).metadata, ownerReferences: [] },
  }
  const long = 'x'.repeat(44)
  it.each<[string, Situation, string, string]>([
    [
      'no owner',
      { controlPlane: orphan },
      'WaitingForOwner',
      'does spec.controlPlaneRef of a Cluster name this object?',
    ],
    [
      'an owner that is gone',
      { cluster: undefined as never },
      'WaitingForOwner',
      'Cluster prod, the owner, does not exist',
    ],
    [
      'a Cluster with another control plane',
      {
        cluster: { ...cluster, spec: { controlPlaneRef: { apiGroup: 'g', kind: 'KubeadmControlPlane', name: 'kcp' } } },
      },
      'WaitingForOwner',
      'spec.controlPlaneRef of Cluster prod names KubeadmControlPlane kcp',
    ],
    [
      'a name too long for pods',
      { cluster: { ...cluster, metadata: { ...cluster.metadata, name: long } } },
      'ClusterNameTooLong',
      `has 44 characters; pods can be made up to 43`,
    ],
    [
      'another datastore',
      { controlPlane: controlPlane({ version, storage: { type: 'nats' } }) },
      'NotSupported',
      'spec.storage.type cannot be honoured yet',
    ],
    [
      'another hosting cluster',
      { controlPlane: controlPlane({ version, remoteHostCluster: { kubeconfigRef: { name: 'k', namespace: 'n' } } }) },
      'NotSupported',
      'spec.remoteHostCluster.kubeconfigRef',
    ],
    [
      "a Secret of the user's choice",
      { controlPlane: controlPlane({ version, certificateRefs: [{ type: 'ca', name: 'my-own' }] }) },
      'NotSupported',
      'spec.certificateRefs[ca].name',
    ],
  ])('stops at %s', (_, rest, reason, words) => {
    const observed = snapshot({ version }, rest)
    const blocked = blockedBy(observed)
    expect(blocked).toMatchObject({ reason, message: expect.stringContaining(words) })
    if (blocked)
      expect(heldConditions(observed.hosted, { kind: 'waiting', wait: blocked }, [])?.[0]).toMatchObject({
        type: 'Available',
        status: 'False',
        reason,
      })
  })

  it('keeps what runs alive, whatever cannot be honoured', () => {
    const spec: ControlPlaneSpec = { version, storage: { type: 'nats' } }
    expect(blockedBy(snapshot(spec, { statefulSets: sets }))).toBeUndefined()
    const { conditions } = settledStatus(snapshot(spec, { statefulSets: sets }), [], [])
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'NotSupported', status: 'True' }))
  })

  it('lets through what k0smotron wrote into the spec, and what merely has no effect', () => {
    const refs = (['ca', 'sa', 'proxy', 'etcd', 'apiserver-etcd-client'] as const).map(type => ({
      type,
      name: `prod-${type}`,
    }))
    expect(blockedBy(snapshot({ version, certificateRefs: refs, monitoring: { enabled: true } }))).toBeUndefined()
  })

  it.each([
    ['the Cluster', { cluster: { ...cluster, spec: { paused: true } } }],
    [
      'the object',
      { controlPlane: { ...orphan, metadata: { ...orphan.metadata, annotations: { 'cluster.x-k8s.io/paused': '' } } } },
    ],
  ])('stops while %s is paused', (_, rest) => {
    expect(isPausedIn(snapshot({ version }, rest))).toBe(true)
    expect(isPausedIn(snapshot({ version }))).toBe(false)
  })
})
