import { namesOf } from '@k0smotron-ts/api'
import type { Pod } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import {
  certificates,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  livingSet,
  observed,
  readyStatus,
} from '../../testing/observed.ts'
import { renderWorkload } from '../phases/workload.ts'
import { podCounters, upToDatePods } from '../report/fields.ts'

const version = 'v1.36.3+k0s.1'
const { etcd } = namesOf('prod')

function named(name: string, { metadata, ...pod }: Pod, labels: object = {}): Pod {
  return { ...pod, metadata: { ...metadata, name, labels: { ...metadata.labels, ...labels } } }
}

const copy = named('kmc-prod-debug', k0sPod(readyStatus))

it('a ready copy of a pod with the same labels stands for no member of k0s', () => {
  const statefulSets = [livingSet(), liveSet(etcd, { status: { replicas: 1, readyReplicas: 1 } })]
  const services = [liveService('ClusterIP'), etcdService]
  const known = observed({ version }, { ...certificates, services, statefulSets, pods: [k0sPod({}), copy] })
  const { conditions } = renderWorkload(known)
  expect(podCounters(known)).toMatchObject({ replicas: 1, readyReplicas: 0 })
  expect(upToDatePods(known, conditions)).toBe(1)
  const expected = { ControlPlaneComponentsHealthy: 'False', ScalingDown: 'False' }
  expect(Object.fromEntries(conditions.map(({ type, status }) => [type, status]))).toMatchObject(expected)
})

it('nor does it tell that a database has data', () => {
  const spec = { version, storage: { type: 'kine' as const, kine: { dataSourceSecretName: 'db' } } }
  const formed = (pods: readonly Pod[]) => {
    const known = observed(spec, { pods })
    return known.datastore.isReady(known)
  }
  expect(formed([k0sPod(readyStatus)])).toBe(true)
  expect(formed([copy])).toBe(false)
})

it('nor for one of etcd', () => {
  const pods = ['', '-0', '-debug', '-0-x'].map(end => named(`${etcd}${end}`, k0sPod({}), { component: 'etcd' }))
  expect(observed({ version }, { pods }).datastorePods.map(({ metadata }) => metadata.name)).toEqual([`${etcd}-0`])
})
