// Which datastore a control plane has — core
import type { HostedSpec } from '../input.ts'
import type { Datastore } from './datastore.ts'
import { etcd } from './etcd/etcd.ts'
import { kine } from './kine/kine.ts'

/** A spec that asks for a third one does not pass the gate. */
export function datastoreOf({ storage }: HostedSpec): Datastore {
  return storage?.type === 'kine' ? kine : etcd
}
