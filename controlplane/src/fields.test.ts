import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { leafCases, type SchemaNode } from '@k0smotron-ts/api/testing'
import { describe, expect, it } from 'vitest'
import { settledStatus } from './controllers/k0smotroncontrolplane/report/status.ts'
import { unsupportedFields } from './hosted/not-supported.ts'
import { render } from './hosted/phases.ts'
import { leafLifeMs, renewBeforeMs } from './hosted/pki/certificate-plan.ts'
import { kubeconfigSecret } from './hosted/render/kubeconfig.ts'
import {
  type ControlPlaneSpec,
  certificates,
  etcdService,
  liveService,
  observed,
  type Situation,
  snapshot,
} from './testing/observed.ts'

const schema = JSON.parse(JSON.stringify(k0smotronControlPlane.spec)) as SchemaNode

/** Where any value of the type will not do: it would be refused, or be the effective one anyway. */
const samples = {
  'spec.version': 'v1.36.3+k0s.1',
  'spec.image': 'registry.example/k0s',
  'spec.replicas': 3,
  'spec.k0sConfig': { spec: { telemetry: { enabled: false } } },
  'spec.service.apiPort': 6443,
  'spec.service.konnectivityPort': 8132,
  'spec.storage.type': 'kine',
  'spec.storage.kine.dataSourceURL': 'mysql://k0s:example@tcp(db:3306)/prod',
  'spec.persistence.type': 'pvc',
  'spec.certificateRefs.name': 'my-own',
  'spec.certificates.duration': '48h',
  'spec.certificates.renewBefore': '24h',
}

const ready: Situation = {
  ...certificates,
  services: [liveService('ClusterIP'), liveService('LoadBalancer'), etcdService],
}

/** A database has the data; what says something of another datastore has to be named. */
const onDatabase = (spec: ControlPlaneSpec): ControlPlaneSpec => ({
  ...spec,
  storage: { ...spec.storage, type: 'kine' },
})

/** Everything that a spec can change in the cluster. */
function outputOf(spec: ControlPlaneSpec): string {
  const hosted = observed({ version: 'v1.35.4+k0s.0', ...spec }, ready)
  const minted = [leafLifeMs(hosted.spec), renewBeforeMs(hosted.spec)]
  return JSON.stringify([render(hosted), kubeconfigSecret(hosted, { certificate: '', privateKey: '' }), minted])
}

/** The parts of the path with entries of lists left out, as conditions name them. */
const named = (path: string) => path.replace(/\[.*?\]/g, '')

const cases = leafCases(schema, samples).map(one => [one.path, one] as const)

const ofStorage = cases.filter(([path]) => path.startsWith('spec.storage.') && path !== 'spec.storage.type')

it.each(ofStorage)('and beside a database: %s', (path, { with: set, without }) => {
  const hasEffect = outputOf(onDatabase(set)) !== outputOf(onDatabase(without))
  const said = unsupportedFields(observed(onDatabase(set), ready)).map(one => one.path)
  const isSaid = said.some(known => path === known || path.startsWith(`${known}.`))
  expect([hasEffect, isSaid]).toEqual(path.startsWith('spec.storage.kine.') ? [true, false] : [false, true])
})

describe('every field of K0smotronControlPlane changes what is made, or is said to have no effect', () => {
  it('looks at each of them', () => {
    expect(cases.length).toBeGreaterThan(60)
    expect(cases.map(([path]) => path)).toEqual(
      expect.arrayContaining(['spec.storage.etcd.image', 'spec.patches.patch.content']),
    )
  })

  it.each(cases)('%s', (path, { with: set, without }) => {
    const hasEffect = outputOf(set) !== outputOf(without)
    const unsupported = unsupportedFields(observed(set, ready)).map(one => named(one.path))
    const isSaid = unsupported.some(known => path === known || path.startsWith(`${known}.`))
    expect({ hasEffect, isSaid }).not.toEqual({ hasEffect: false, isSaid: false })
    if (isSaid) {
      const [condition] = settledStatus(snapshot(set, ready), [], []).conditions
      expect(condition).toMatchObject({ type: 'NotSupported', status: 'True', reason: 'FieldsNotSupported' })
    }
  })
})
