// What whoever writes a control plane is told, and which versions may follow each other — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { describe, expect, it, test } from 'vitest'
import { paths, webhooks } from '../webhooks.ts'
import { admissionRules } from './admission.ts'

const controlPlane = (spec: object, status: object = {}): KubeObject =>
  ({
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlane',
    metadata: { name: 'c', namespace: 'default' },
    spec,
    status,
  }) as KubeObject

function verdictOf(path: string, object: KubeObject, oldObject?: KubeObject) {
  const operation = oldObject ? 'UPDATE' : 'CREATE'
  return admissionRules[path]?.({ operation, object, ...(oldObject && { oldObject }) })
}

test('every path that kube-apiserver is told has a rule, and no other has', () => {
  expect(Object.keys(admissionRules).toSorted()).toEqual(
    [...new Set(webhooks.validating.webhooks.map(({ path }) => path))].toSorted(),
  )
})

test('the paths are those of k0smotron', () => {
  expect(paths).toEqual({
    controlPlane: '/validate-controlplane-cluster-x-k8s-io-v1beta2-k0smotroncontrolplane',
    template: '/validate-controlplane-cluster-x-k8s-io-v1beta2-k0smotroncontrolplanetemplate',
    cluster: '/validate-k0smotron-io-v1beta2-cluster',
  })
})

describe('a warning', () => {
  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ version: 'v1.36.3+k0s.1' }, []],
    [{ version: 'v1.36.3-k0s.1' }, []],
    [{ version: 'v1.36.3' }, ['spec.version: v1.36.3 has no suffix, v1.36.3+k0s.0 is used']],
    [{ version: 'v1.37.0+k0s.0' }, ['spec.version: this release does not know the add-ons of v1.37.0+k0s.0']],
    [{ version: 'latest' }, ['spec.version: "latest" is no k0s version such as v1.36.3+k0s.1']],
    [
      { storage: { type: 'nats' }, monitoring: { enabled: true } },
      [
        'spec.storage.type: this release does not act on it, and starts nothing without it',
        'spec.monitoring.enabled: this release does not act on it',
      ],
    ],
  ])('for %j', (spec, warnings) => {
    expect(verdictOf(paths.controlPlane, controlPlane(spec))).toEqual({ warnings })
    expect(verdictOf(paths.cluster, controlPlane(spec))).toEqual({ warnings })
  })

  it('for a schedule by which nothing hibernates', () => {
    const object = controlPlane({})
    const annotations = { 'k0smotron.io/hibernate': '0 25 * * *', 'k0smotron.io/wake': '0 7 * * *' }
    const said = { ...object, metadata: { ...object.metadata, annotations } }
    const warning =
      'metadata.annotations[k0smotron.io/hibernate] ("0 25 * * *": no cron expression of five fields; write when, as in 0 20 * * 1-5); it does not hibernate'
    expect(verdictOf(paths.cluster, said)).toEqual({ warnings: [warning] })
  })

  it('names the field of a template as it stands there', () => {
    const warnings = ['spec.template.spec.version: v1.36.3 has no suffix, v1.36.3+k0s.0 is used']
    expect(verdictOf(paths.template, controlPlane({ template: { spec: { version: 'v1.36.3' } } }))).toEqual({
      warnings,
    })
    expect(verdictOf(paths.template, controlPlane({ template: {} }))).toEqual({ warnings: [] })
  })

  it('is not needed of an object without a spec', () => {
    const { spec: _, ...bare } = controlPlane({}) as KubeObject & { spec: object }
    expect(verdictOf(paths.cluster, bare)).toEqual({ warnings: [] })
  })
})

const running = (...versions: string[]) => ({
  initialization: { controlPlaneInitialized: true },
  version: versions[0],
  versions: versions.map(version => ({ version })),
})

const tooFar = 'is more than one minor version above'
const noWayBack = 'is below'
const noVersion = 'is no k0s version'

describe('a change of the version', () => {
  it.each<[string, string | undefined, string, object, string | undefined]>([
    ['of the patch', 'v1.35.1+k0s.0', 'v1.35.8+k0s.0', running('v1.35.1+k0s.0'), undefined],
    ['back to an earlier patch', 'v1.35.8+k0s.0', 'v1.35.1+k0s.0', running('v1.35.8+k0s.0'), noWayBack],
    ['back to an earlier k0s', 'v1.36.3+k0s.10', 'v1.36.3+k0s.9', running('v1.36.3+k0s.10'), noWayBack],
    [
      'back to one that a pod runs',
      'v1.36.3+k0s.1',
      'v1.35.8-k0s.0',
      running('v1.35.8+k0s.0', 'v1.36.3+k0s.1'),
      undefined,
    ],
    ['to the next minor', 'v1.35.8+k0s.0', 'v1.36.3+k0s.1', running('v1.35.8+k0s.0'), undefined],
    ['over a minor', 'v1.34.9+k0s.0', 'v1.36.3+k0s.1', running('v1.34.9+k0s.0'), tooFar],
    ['to another major', 'v1.36.3+k0s.1', 'v2.0.0+k0s.0', running('v1.36.3+k0s.1'), tooFar],
    ['to a minor below', 'v1.36.3+k0s.1', 'v1.35.8+k0s.0', running('v1.36.3+k0s.1'), noWayBack],
    ['back, when no pod got to the new one', 'v1.36.3+k0s.1', 'v1.35.8+k0s.0', running('v1.35.8+k0s.0'), undefined],
    [
      'back between two that run',
      'v1.36.3+k0s.1',
      'v1.35.9+k0s.0',
      running('v1.35.8+k0s.0', 'v1.36.3+k0s.1'),
      noWayBack,
    ],
    [
      'further, while pods are on their way',
      'v1.36.3+k0s.1',
      'v1.37.0+k0s.0',
      running('v1.35.8+k0s.0', 'v1.36.3+k0s.1'),
      tooFar,
    ],
    ['of another spelling', 'v1.36.3+k0s.1', 'v1.36.3-k0s.1', running('v1.36.3+k0s.1'), undefined],
    ['to what is none', 'v1.36.3+k0s.1', 'latest', running('v1.36.3+k0s.1'), noVersion],
    ['to what is none, before anything ran', 'v1.36.3+k0s.1', 'latest', {}, undefined],
    ['before anything ran', 'v1.30.0+k0s.0', 'v1.36.3+k0s.1', {}, undefined],
    [
      'while no pod is ready',
      'v1.34.9+k0s.0',
      'v1.36.3+k0s.1',
      { initialization: { controlPlaneInitialized: true } },
      tooFar,
    ],
    ['of one that was not said', undefined, 'v1.36.3+k0s.1', running('v1.34.9+k0s.0'), tooFar],
  ])('%s: %s → %s', (_what, before, after, status, refusal) => {
    const old = controlPlane(before === undefined ? {} : { version: before }, status)
    const verdict = verdictOf(paths.controlPlane, controlPlane({ version: after }, status), old)
    if (refusal === undefined) expect(verdict?.refusal).toBeUndefined()
    else expect(verdict?.refusal).toContain(refusal)
  })

  it('is all that can be refused: other fields may change where the version is one that would be', () => {
    const old = controlPlane({ version: 'v1.37.0+k0s.0' }, running('v1.35.8+k0s.0'))
    const after = controlPlane({ version: 'v1.37.0+k0s.0', replicas: 1 }, running('v1.35.8+k0s.0'))
    expect(verdictOf(paths.controlPlane, after, old)?.refusal).toBeUndefined()
  })
})
