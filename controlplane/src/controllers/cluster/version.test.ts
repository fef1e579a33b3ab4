import { defaultVersionAnnotation, type K0smotronCluster } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { liveSet } from '../../testing/observed.ts'
import { defaultVersion } from './version.ts'

const newest = 'v1.36.3+k0s.1'
const cluster = (version?: string, remembered?: string): K0smotronCluster => ({
  apiVersion: 'k0smotron.io/v1beta2',
  kind: 'Cluster',
  metadata: { name: 'c', ...(remembered !== undefined && { annotations: { [defaultVersionAnnotation]: remembered } }) },
  spec: version === undefined ? {} : { version },
})
const setWith = (template: object): StatefulSet => liveSet('kmc-c', { spec: { template } as never })
const ours = setWith({ metadata: { annotations: { 'k0smotron.io/k0s-version': 'v1.34.3+k0s.0' } } })
const ofTag = (image: string) => setWith({ spec: { containers: [{ name: 'controller', image }] } })

it.each<[string, K0smotronCluster, StatefulSet | undefined, string | undefined]>([
  ['the spec has one', cluster('v1.35.1'), ours, undefined],
  ['nothing is known', cluster(), undefined, newest],
  ['the spec has blanks', cluster(' '), undefined, newest],
  ['a release before chose one', cluster(undefined, 'v1.33.1+k0s.0'), undefined, 'v1.33.1+k0s.0'],
  ['pods run another one than the annotation says', cluster(undefined, 'v1.33.1+k0s.0'), ours, 'v1.34.3+k0s.0'],
  ['pods are of k0smotron', cluster(), ofTag('quay.io/k0sproject/k0s:v1.27.9-k0s.0'), 'v1.27.9+k0s.0'],
  ['the image is pinned', cluster(undefined, 'v1.33.1+k0s.0'), ofTag('k0s@sha256:abc'), 'v1.33.1+k0s.0'],
  ['the annotation is no version', cluster(undefined, 'latest'), undefined, newest],
])('where %s', (_, object, set, expected) => {
  expect(defaultVersion(object, set)).toBe(expected)
})
