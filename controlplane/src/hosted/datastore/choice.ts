// Which datastore a control plane has — core
import type { Datastore } from './datastore.ts'
import { etcd } from './etcd/etcd.ts'

/** The only one so far: a spec that asks for another one does not pass the gate. */
export const chosenDatastore: Datastore = etcd
