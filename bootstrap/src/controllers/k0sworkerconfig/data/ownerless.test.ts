import { encodeJoinToken } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import {
  bootstrapData,
  certificate,
  joinToken,
  machineOf,
  observed,
  secret,
  secrets,
} from '../../../testing/observed.ts'
import type { Observed } from '../observed.ts'
import { isProven, labelledOwnerless } from './ownerless.ts'

const component = 'app.kubernetes.io/component'

/** As a restore leaves it. */
function lost(
  { metadata, ...rest }: KubeSecret,
  of: string,
  labels: Readonly<Record<string, string>> = {},
): KubeSecret {
  const { ownerReferences: _, ...left } = metadata
  const ours = { 'cluster.x-k8s.io/cluster-name': 'prod', [component]: of }
  return { ...rest, metadata: { ...left, labels: { ...ours, ...labels } } }
}

function dataWith(certificateAuthority: string, token = 'abcdef.0123456789abcdef'): KubeSecret {
  const content = encodeJoinToken({ server: 'https://10.0.0.5:30443', certificateAuthority, token, role: 'worker' })
  return lost(secret('m1', { value: dump({ write_files: [{ path: '/etc/k0s.token', content }] }) }), 'bootstrap')
}

const token = lost(joinToken, 'join-token')
const holding = (found: Partial<Observed['secrets']>, rest: Partial<Observed> = {}) =>
  observed({}, { secrets: { ...secrets, ...found }, ...rest })

describe('a Secret without an owner', () => {
  it.each<[string, Partial<Observed['secrets']>, readonly string[]]>([
    ['both are', { bootstrap: dataWith(certificate), joinToken: token }, ['m1', 'm1-join-token']],
    ['one with an owner is not', { bootstrap: bootstrapData, joinToken }, []],
    ['one of another cluster is not', { joinToken: lost(joinToken, '', { 'cluster.x-k8s.io/cluster-name': 'x' }) }, []],
    ['one that is something else is not', { joinToken: lost(joinToken, 'bootstrap') }, []],
  ])('may be of the config by its labels: %s', (_, found, names) => {
    expect(labelledOwnerless(holding(found)).map(({ metadata }) => metadata.name)).toEqual(names)
  })

  const inUse = machineOf({ bootstrap: { dataSecretName: 'm1' } })
  const foreign = dataWith('another authority')
  it.each<[string, Observed, KubeSecret, KubeSecret | undefined, boolean]>([
    ['data for this cluster', holding({}), dataWith(certificate), dataWith(certificate), true],
    ['data for another cluster', holding({}), foreign, foreign, false],
    ['whatever data the Machine uses', holding({}, { machine: inUse }), foreign, foreign, true],
    ['the token of the data', holding({}), token, dataWith(certificate), true],
    ['another token than that', holding({}), token, dataWith(certificate, 'fedcba.0123456789abcdef'), false],
    ['a token without data', holding({}), token, undefined, true],
    ['no token at all', holding({}), lost(secret('m1-join-token', {}), 'join-token'), undefined, false],
  ])('is proven by what it holds: %s', (_, snapshot, one, data, proven) => {
    expect(isProven(snapshot, one, data)).toBe(proven)
  })
})
