// What whoever writes a worker config is told — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { expect, it, test } from 'vitest'
import { paths, webhooks } from '../webhooks.ts'
import { admissionRules } from './admission.ts'

const config = (spec: object, status: object = {}): KubeObject =>
  ({
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
    kind: 'K0sWorkerConfig',
    metadata: { name: 'w', namespace: 'default' },
    spec,
    status,
  }) as KubeObject

test('every path that kube-apiserver is told has a rule, and no other has', () => {
  expect(Object.keys(admissionRules)).toEqual(webhooks.validating.webhooks.map(({ path }) => path))
  expect(paths.config).toBe('/validate-bootstrap-cluster-x-k8s-io-v1beta2-k0sworkerconfig')
})

it.each<[object, readonly string[]]>([
  [{}, []],
  [{ version: 'v1.36.3+k0s.1' }, []],
  [{ version: 'v1.36.3' }, ['version: v1.36.3 has no suffix, v1.36.3+k0s.0 is used']],
  [{ version: 'new' }, ['version: "new" is no k0s version such as v1.36.3+k0s.1']],
  [
    { provisioner: { platform: 'windows' } },
    ['provisioner.platform: this release does not act on it, and makes no bootstrap data'],
  ],
])('a config and a template with %j', (spec, warnings) => {
  expect(admissionRules[paths.config]?.({ operation: 'CREATE', object: config(spec) })).toEqual({
    warnings: warnings.map(text => `spec.${text}`),
  })
  expect(admissionRules[paths.template]?.({ operation: 'CREATE', object: config({ template: { spec } }) })).toEqual({
    warnings: warnings.map(text => `spec.template.spec.${text}`),
  })
})

it('a change that comes too late', () => {
  const change = (status: object) =>
    admissionRules[paths.config]?.({ operation: 'UPDATE', object: config({}, status), oldObject: config({}, status) })
  expect(change({})).toEqual({ warnings: [] })
  expect(change({ initialization: { dataSecretCreated: true } })).toEqual({
    warnings: ['spec: the bootstrap data is made already, and stays as it is; for a change, replace the Machine'],
  })
})
