// What a pass that fails for long is answered — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Pass } from '../contract/types.ts'
import { writingClient } from './writing-client.ts'

const type: ResourceType = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }
const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'a' } }
const cause = new Error('reset')
const failure = { reason: 'Internal', message: 'm', request: 'PUT /a', code: 500, retryAfterMs: 5, cause } as const
const fails = () => Promise.reject(new ApiError(failure))

test.each([true, false])('each failed write is known to last, or not: %s', async isFailingLong => {
  const client = {
    apply: fails,
    create: fails,
    replace: fails,
    patchJson: fails,
    delete: fails,
    evict: fails,
  } as unknown as Client
  const write: Pass['write'] = (_, send) => send()
  const pass = { isFailingLong, write } as Pass
  const writes = writingClient({ client, learn: () => undefined }, pass)
  const answers = await Promise.allSettled([
    writes.apply(type, object, { fieldManager: 'm' }),
    writes.create(type, object),
    writes.replace(type, object),
    writes.patchJson(type, { namespace: 'ns', name: 'a' }, []),
    writes.delete(type, { namespace: 'ns', name: 'a' }),
    writes.evict({ namespace: 'ns', name: 'a' }),
  ])
  for (const answer of answers) {
    const { reason } = answer as PromiseRejectedResult
    expect(reason).toEqual(new ApiError({ ...failure, lasts: isFailingLong }))
  }
})
