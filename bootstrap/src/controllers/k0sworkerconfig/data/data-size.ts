// How large bootstrap data may be: for a Secret, and for the user data of known infrastructure — core
import { dataSecret } from '@k0smotron-ts/api'
import { type ConditionDraft, type KubeSecret, limits, type Wait } from '@k0smotron-ts/runtime'
import type { File } from '../../../cloudinit/types.ts'
import type { Observed } from '../observed.ts'

/** Of the values of a Secret together. */
export const maxSecretBytes: number = limits.bootstrapDataBytes.value

/** One part of the data, by the field that it comes from. */
export interface Sized {
  readonly field: string
  readonly bytes: number
}

export function dataSize({ data = {} }: KubeSecret): number {
  return Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value, 'base64'), 0)
}

export function tooLarge(data: KubeSecret, files: readonly File[]): Wait | undefined {
  const bytes = dataSize(data)
  if (bytes <= maxSecretBytes) return undefined
  return sizeWait(
    bytes,
    files.map(({ content }, index) => ({ field: `spec.files[${index}]`, bytes: Buffer.byteLength(content) })),
  )
}

const maxNamed = 3

/** The largest parts are named: one of them has to go. */
export function sizeWait(bytes: number, parts: readonly Sized[]): Wait {
  const largest = [...parts].sort((a, b) => b.bytes - a.bytes).slice(0, maxNamed)
  const named = largest.map(part => `${part.field} (${part.bytes} bytes)`).join(', ')
  const message = `the bootstrap data would have at least ${bytes} bytes, and a Secret holds ${maxSecretBytes}; the largest parts: ${named}`
  return { reason: dataSecret.dataSecretReason.dataTooLarge, message }
}

/** Bytes of user data that the infrastructure behind a kind of machine takes. What is not listed is not known to us. */
const userDataLimits: Readonly<Record<string, number>> = {
  AWSMachine: 16_384,
  AzureMachine: 65_535,
  DOMachine: 65_536,
  GCPMachine: 262_144,
  HCloudMachine: 32_768,
  OpenStackMachine: 49_149, // 65,535 as base64
}

/** A warning: the infrastructure's provider may compress the data, or hand it over by another way. */
export function dataFitsCondition({ machine, machinePool }: Observed, bytes: number): ConditionDraft | undefined {
  const kind = (machine?.spec ?? machinePool?.spec.template.spec)?.infrastructureRef?.kind ?? ''
  const limit = userDataLimits[kind]
  if (limit === undefined || bytes <= limit) return undefined
  const message = `the bootstrap data has ${bytes} bytes; the infrastructure of ${kind} takes ${limit} as plain user data: see that its provider has another way, or make the files smaller`
  return {
    type: dataSecret.dataFits,
    status: 'False',
    reason: dataSecret.dataFitsReason.overInfrastructureLimit,
    message,
  }
}
