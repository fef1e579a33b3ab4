// The bootstrap data that a Machine or MachinePool names, as a machine gets it — core
import { createHash } from 'node:crypto'
import type { MachineSpec } from '@k0smotron-ts/api'
import type { KubeSecret, Wait } from '@k0smotron-ts/runtime'
import { readyReason } from './kinds/conditions.ts'

export type UserData = { readonly userData: Uint8Array } | { readonly wait: Wait }

/** The only thing that goes from the management cluster to a machine: the bytes under `value` (contract: BootstrapConfig: data secret). */
export function userDataOf({ bootstrap }: MachineSpec, secret: KubeSecret | undefined): UserData {
  const name = bootstrap?.dataSecretName
  if (name === undefined) return waiting('waiting for the owner to name its bootstrap data')
  if (!secret) return waiting(`waiting for Secret ${name} with the bootstrap data`)
  const format = text(secret, 'format') ?? 'cloud-config'
  if (format !== 'cloud-config') return invalid(`Secret ${name}: machines boot cloud-config, not ${format}`)
  const value = secret.data?.value
  if (!value) return invalid(`Secret ${name} has nothing under the key value`)
  return { userData: Buffer.from(value, 'base64') }
}

/** As a person can compare it with what the machine says it read. */
export function sha256Of(userData: Uint8Array): string {
  return createHash('sha256').update(userData).digest('hex')
}

function waiting(message: string): UserData {
  return { wait: { reason: readyReason.waitingForBootstrapData, message } }
}

/** The Secret is watched: it may be made anew. */
function invalid(message: string): UserData {
  return { wait: { reason: readyReason.invalidBootstrapData, message } }
}

function text({ data }: KubeSecret, key: string): string | undefined {
  const value = data?.[key]
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString().trim()
}
