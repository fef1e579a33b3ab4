// What must be the same of a control plane wherever a process died — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { FaultKind, Pictured } from '@k0smotron-ts/hack/testenv'
import {
  type Client,
  configMaps,
  networkPolicies,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { expect } from 'vitest'

const namesIn = (what: string, object: object = {}) => [`${what} ${Object.keys(object).sort().join(' ')}`]
const keysOf = ({ data }: KubeObject & { readonly data?: object }) => namesIn('keys', data)
const specOf = ({ spec }: KubeObject & { readonly spec?: object }) => namesIn('spec', spec)

export const partsPictured: readonly Pictured[] = [
  ...[configMaps, secrets].map(type => ({ type, facts: keysOf }) as Pictured),
  ...[services, statefulSets, networkPolicies, podDisruptionBudgets].map(type => ({ type, facts: specOf }) as Pictured),
]

export function conditionLines(object: KubeObject): readonly string[] {
  const { status } = object as { readonly status?: { readonly conditions?: readonly Record<string, string>[] } }
  return (status?.conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`)
}

/** A configuration names the address of its Service, and is named by its content. */
export function withoutHashes(picture: readonly string[]): string[] {
  return picture.map(line => line.replace(/-config-[0-9a-f]{10}:/, '-config-HASH:'))
}

export async function keysIn(client: Client, namespace: string): Promise<Record<string, unknown>> {
  const { items } = await client.list(secrets, { namespace })
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data]))
}

/** The end state, and how many writes the dying process made; `struck`: it died at one. */
export interface Survived {
  readonly picture: readonly string[]
  readonly writes: number
  readonly struck: boolean
}

/** `run` lets the process die at its n-th write, in a namespace of its own; every time it has to end as without that. */
export async function dieAtEachWrite(
  run: (where: string, nth: number, kind: FaultKind) => Promise<Survived>,
  kind: FaultKind,
): Promise<void> {
  const { picture: reference, writes } = await run(`whole-${kind}`, Number.POSITIVE_INFINITY, kind)
  expect(reference.length).toBeGreaterThan(80)
  expect(writes).toBeGreaterThan(18)
  for (let nth = 1; nth <= writes; nth += 1) {
    const { picture, struck } = await run(`n${nth}-${kind}`, nth, kind)
    expect(picture, `the process died at write ${nth}`).toEqual(reference)
    expect(struck || nth > writes - 3, `write ${nth} did not happen`).toBe(true)
  }
}
