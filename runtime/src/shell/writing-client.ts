// The client of one pass: the cache learns what it writes, and the change is known as its own — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { SharedCache } from '../cache/cache.ts'
import { ApiError, lasting } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Pass, WriteTarget } from '../contract/types.ts'
import { keyOf } from '../key.ts'

export type WritingClient = Pick<Client, 'get' | 'create' | 'replace' | 'apply' | 'patchJson' | 'delete' | 'evict'>

export interface WritingClientDeps {
  readonly client: Client
  readonly learn: SharedCache['learn']
}

export function writingClient({ client, learn }: WritingClientDeps, pass: Pass): WritingClient {
  const answered = <T>(answer: Promise<T>): Promise<T> => (pass.isFailingLong ? answer.catch(throwLasting) : answer)
  const sent = <T extends KubeObject>(
    type: ResourceType<T>,
    target: Omit<WriteTarget, 'type'>,
    send: () => Promise<T>,
  ): Promise<T> => answered(pass.write({ type, ...target }, send, written => learn(type, written)))

  return {
    get: (type, key) => client.get(type, key),
    create: (type, object) => sent(type, { key: keyOf(object), part: 'object' }, () => client.create(type, object)),
    replace: (type, object) => sent(type, { key: keyOf(object), part: 'object' }, () => client.replace(type, object)),
    apply: (type, object, options) => {
      const part = options.subresource === 'status' ? 'status' : 'object'
      return sent(type, { key: keyOf(object), part }, () => client.apply(type, object, options))
    },
    patchJson: (type, key, operations, options) => {
      const part = options?.subresource === 'status' ? 'status' : 'object'
      return sent(type, { key, part }, () => client.patchJson(type, key, operations, options))
    },
    delete: (type, key, options) => answered(client.delete(type, key, options)),
    evict: (key, options) => answered(client.evict(key, options)),
  }
}

function throwLasting(error: unknown): never {
  throw error instanceof ApiError ? lasting(error) : error
}
