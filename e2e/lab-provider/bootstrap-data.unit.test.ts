// What machines boot from — core
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { sha256Of, userDataOf } from './bootstrap-data.ts'

const spec = { clusterName: 'c1', bootstrap: { dataSecretName: 'm1' } }
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64')

function secret(data: Readonly<Record<string, string>>): KubeSecret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'm1' }, data }
}

const bytes = Uint8Array.of(0, 255, 10, 13, 0xc3)

it('is the bytes of the Secret, whatever they are', () => {
  expect(userDataOf(spec, secret({ value: base64(bytes) }))).toEqual({ userData: Buffer.from(bytes) })
  expect(userDataOf(spec, secret({ value: base64('x'), format: base64('cloud-config') }))).toEqual({
    userData: Buffer.from('x'),
  })
})

it.each([
  ['an owner that names none', { clusterName: 'c1' }, undefined, 'WaitingForBootstrapData'],
  ['a Secret that is not there', spec, undefined, 'WaitingForBootstrapData'],
  ['another format', spec, secret({ value: base64('{}'), format: base64('ignition\n') }), 'InvalidBootstrapData'],
  ['a Secret without the key', spec, secret({ format: base64('cloud-config') }), 'InvalidBootstrapData'],
  ['nothing under the key', spec, secret({ value: '' }), 'InvalidBootstrapData'],
])('%s is waited for', (_, machine, found, reason) => {
  expect(userDataOf(machine, found)).toMatchObject({ wait: { reason } })
})

it('says which format it cannot boot', () => {
  const data = secret({ value: base64('{}'), format: base64('ignition') })
  expect(userDataOf(spec, data)).toMatchObject({ wait: { message: expect.stringContaining('ignition') } })
})

it('hashes as sha256sum does', () => {
  expect(sha256Of(Buffer.from('#cloud-config\n'))).toBe(
    '88c95955b024402aa9572b663f7eeb134f01343bb92af27b50e97e72b22c565f',
  )
})
