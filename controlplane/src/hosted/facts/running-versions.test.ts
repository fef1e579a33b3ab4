import { describe, expect, it } from 'vitest'
import { controlPlane, k0sPod, observed, readyStatus } from '../../testing/observed.ts'
import { runningVersions } from './running-versions.ts'

const version = 'v1.36.3+k0s.1'

describe('runningVersions', () => {
  const pod = (k0sVersion: string | undefined, image = 'k0s:v1.30.0-k0s.0') => {
    const base = k0sPod(readyStatus)
    const annotations = k0sVersion === undefined ? {} : { 'k0smotron.io/k0s-version': k0sVersion }
    return {
      ...base,
      metadata: { ...base.metadata, annotations },
      spec: { containers: [{ name: 'controller', image }] },
    }
  }

  it('are counted oldest first, spelled like the spec', () => {
    const pods = [pod('v1.36.3+k0s.10'), pod('v1.36.3+k0s.9'), pod('v1.36.3+k0s.10')]
    expect(runningVersions(observed({ version: 'v1.36.3-k0s.10' }, { pods }))).toEqual([
      { version: 'v1.36.3-k0s.9', replicas: 1 },
      { version: 'v1.36.3-k0s.10', replicas: 2 },
    ])
  })

  it('leave the build out only where it is the first, as in a spec without a build', () => {
    const pods = [pod('v1.36.3+k0s.0'), pod('v1.36.3+k0s.1')]
    expect(runningVersions(observed({ version: 'v1.36.3' }, { pods }))).toEqual([
      { version: 'v1.36.3', replicas: 1 },
      { version: 'v1.36.3+k0s.1', replicas: 1 },
    ])
  })

  it.each([
    ['newest', 'v1.36.3-k0s.10', 'v1.36.3-k0s.10'],
    ['', 'v1.36.2', 'v1.36.3+k0s.10'],
    ['newest', undefined, 'v1.36.3+k0s.10'],
  ])('keep their spelling while spec.version is %j', (wanted, told, expected) => {
    const known = controlPlane({ version: wanted }, told === undefined ? {} : { version: told })
    const found = runningVersions(observed({ version: wanted }, { pods: [pod('v1.36.3+k0s.10')], controlPlane: known }))
    expect(found).toEqual([{ version: expected, replicas: 1 }])
  })

  it('come from the image tag for pods that k0smotron made', () => {
    expect(runningVersions(observed({ version }, { pods: [pod(undefined)] }))).toEqual([
      { version: 'v1.30.0+k0s.0', replicas: 1 },
    ])
    expect(runningVersions(observed({ version }, { pods: [pod(undefined, 'k0s@sha256:aa')] }))).toEqual([])
  })

  it('count only ready pods', () => {
    expect(
      runningVersions(observed({ version }, { pods: [k0sPod({})], controlPlane: controlPlane({ version }) })),
    ).toEqual([])
  })
})
