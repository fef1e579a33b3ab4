// Provider IDs and host names of the lab's machines — core
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import type { MachineIdentity } from './machines.ts'

const scheme = 'lab://'

/** The machine of a LabMachine. */
export function identityOf({ metadata: { namespace, name = '' } }: KubeObject): MachineIdentity {
  return { providerID: `${scheme}${namespace}/${name}`, hostname: name }
}

/** The n-th machine of a LabMachinePool, from 0. */
export function memberOf(pool: KubeObject, ordinal: number): MachineIdentity {
  const { providerID, hostname } = identityOf(pool)
  return { providerID: `${providerID}/${ordinal}`, hostname: `${hostname}-${ordinal}` }
}

/** The member of the pool with this ID; `undefined`: not an ID of that pool. */
export function memberWith(pool: KubeObject, providerID: string): MachineIdentity | undefined {
  const ordinal = Number(providerID.split('/').at(-1))
  const member = memberOf(pool, ordinal)
  return member.providerID === providerID ? member : undefined
}

/** Whose machine it is. */
export function ownerOf(providerID: string): { readonly kind: 'machine' | 'pool'; readonly key: ObjectKey } {
  const [namespace = '', name = '', ordinal] = providerID.slice(scheme.length).split('/')
  return { kind: ordinal === undefined ? 'machine' : 'pool', key: { namespace, name } }
}
