import { encodeJoinToken } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import {
  bootstrapData,
  certificate,
  joinToken,
  machineOf,
  machinePool,
  observed,
  secret,
  secrets,
  without,
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

  const used = { bootstrap: { dataSecretName: 'm1' } }
  const pool = { ...machinePool, spec: { ...machinePool.spec, template: { spec: { clusterName: 'prod', ...used } } } }
  const data = dataWith(certificate)
  const asOf = (rest: Partial<Observed>) => holding({ bootstrap: data }, rest)
  it.each<[string, Observed, KubeSecret, KubeSecret | undefined, boolean]>([
    ['data that leads into this cluster, whose certificate anybody has', asOf({}), data, undefined, false],
    ['whatever data the Machine uses', asOf({ machine: machineOf(used) }), data, data, true],
    ['whatever data the MachinePool uses', without(asOf({ machinePool: pool }), 'machine'), data, data, true],
    ['the token of the data that is used', asOf({}), token, data, true],
    ['another token than that', asOf({}), token, dataWith(certificate, 'fedcba.0123456789abcdef'), false],
    ['a token without data that is used', holding({}), token, undefined, false],
    ['no token at all', asOf({}), lost(secret('m1-join-token', {}), 'join-token'), data, false],
  ])('is proven by who uses it: %s', (_, snapshot, one, read, proven) => {
    expect(isProven(snapshot, one, read)).toBe(proven)
  })
})
