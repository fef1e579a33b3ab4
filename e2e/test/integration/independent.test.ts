// The client that checks releases waits for states, and says what it saw when they do not come
import { kubectlWith, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type IndependentClient, independentClient } from '../../harness/independent.ts'

const patienceMs = 60_000
const subject = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one', patienceMs }

let env: TestEnv
let client: IndependentClient
let kubectl: Awaited<ReturnType<typeof kubectlWith>>

beforeAll(async () => {
  env = await startTestEnv()
  client = independentClient(env.kubeconfig)
  kubectl = await kubectlWith(env.kubeconfig)
})

afterAll(async () => {
  await env?.[Symbol.asyncDispose]()
})

it('waits until an object is there, says something, and is gone', async () => {
  const saysB = client.until(subject, found => found?.data?.a === 'b')
  await kubectl(['create', 'configmap', 'one', '--from-literal=a=a'])
  expect((await client.until(subject, found => found !== undefined)).data).toEqual({ a: 'a' })
  await kubectl(['patch', 'configmap', 'one', '--patch={"data":{"a":"b"}}'])
  expect((await saysB).data).toEqual({ a: 'b' })
  const gone = client.until(subject, found => found === undefined)
  await kubectl(['delete', 'configmap', 'one'])
  expect(await gone).toBeUndefined()
})

it('waits for all of what carries a label', async () => {
  const label = 'test/of=two'
  const both = client.untilAll({ ...subject, labelSelector: label }, ({ length }) => length === 2)
  for (const name of ['other', 'two', 'three']) await kubectl(['create', 'configmap', name])
  await kubectl(['label', 'configmap', 'two', 'three', label])
  expect((await both).map(({ metadata }) => metadata?.name)).toEqual(['three', 'two'])
})

it('says what was seen last when patience ends, and refuses a kind that is not served', async () => {
  const never = client.until({ ...subject, name: 'kube-root-ca.crt', patienceMs: 1 }, () => false)
  await expect(never).rejects.toThrow(/^ConfigMap did not get there; last seen: \[/)
  await expect(client.until({ ...subject, kind: 'Nothing' }, () => true)).rejects.toThrow('v1 Nothing')
})
