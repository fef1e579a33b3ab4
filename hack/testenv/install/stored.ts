// Objects as an API server stored them, put back below it: their uids, dates and field managers stay — shell
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { pathsIn } from '../parts/arguments.ts'
import type { TestEnv } from '../test-env.ts'

export interface Stored {
  readonly type: ResourceType
  readonly object: KubeObject
}

/** Custom resources lie in a folder of their group, these do not. */
const builtIn = new Set(['', 'apps', 'policy', 'networking.k8s.io'])
const folders: Readonly<Record<string, string>> = { services: 'services/specs', nodes: 'minions' }

export function storageKey({ group, plural }: ResourceType, { namespace, name }: ObjectKey): string {
  const folder = builtIn.has(group) ? (folders[plural] ?? plural) : `${group}/${plural}`
  return ['', folder, namespace, name].filter(part => part !== undefined).join('/')
}

/**
 * All of them at once, so that no controller sees one without its owner. No admission, no validation, and nobody is told
 * by whom. `prefix`: whose API server reads them; the environment's own unless given.
 */
export async function putStored(env: TestEnv, objects: readonly Stored[], prefix = '/registry'): Promise<void> {
  const encode = (text: string): string => Buffer.from(text).toString('base64')
  const success = objects.map(({ type, object }) => {
    const { name = '', namespace } = object.metadata
    const key = encode(`${prefix}${storageKey(type, { name, ...(namespace !== undefined && { namespace }) })}`)
    return { requestPut: { key, value: encode(JSON.stringify(object)) } }
  })
  const answer = await post(pathsIn(env.dir).etcdSocket, '/v3/kv/txn', JSON.stringify({ success }))
  if (answer.succeeded !== true) throw new Error(`etcd did not take the objects: ${JSON.stringify(answer)}`)
}

function post(socketPath: string, path: string, body: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path, method: 'POST', headers: { host: 'localhost' } }
    const sent = request(options, answer => resolve(json(answer) as Promise<Readonly<Record<string, unknown>>>))
    sent.once('error', reject)
    sent.end(body)
  })
}
