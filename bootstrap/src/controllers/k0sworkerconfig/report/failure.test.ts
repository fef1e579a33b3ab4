// A pass that ended before it reported anything — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { EventNote, Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { workerConfig } from '../../../testing/observed.ts'
import { reportFailure } from './failure.ts'

const failure = { reason: 'RequestsFailing', message: 'failing: GET /x', words: 'error 17' }
const { reason, message } = failure
const stored = { dataSecretName: 'm1', initialization: { dataSecretCreated: true } }

/** What is written of the config, and told. */
async function reported(config: KubeObject, cluster?: object) {
  const written: object[] = []
  const events: EventNote[] = []
  const known: Readonly<Record<string, object | undefined>> = { K0sWorkerConfig: config, Cluster: cluster }
  const shell = {
    read: { get: ({ kind }: ResourceType) => known[kind], unreadable: () => undefined },
    report: async (_: ResourceType, _object: KubeObject, status: object) => void written.push(status),
    event: (_: KubeObject, note: EventNote) => void events.push(note),
  } as unknown as Shell
  await reportFailure({ namespace: 'ns', name: 'm1' }, shell, failure)
  return { written, events }
}

it('without data, what keeps it from being made', async () => {
  const { written, events } = await reported(workerConfig({}))
  const conditions = [
    { type: 'DataSecretAvailable', status: 'False', reason, message },
    { type: 'Ready', status: 'False', reason: 'NotReady', message },
  ]
  expect(written).toEqual([{ conditions }])
  expect(events).toEqual([{ type: 'Warning', reason, message: 'error 17' }])
})

it('data that is stored stays so: only whether the machine joins is not known', async () => {
  const { written } = await reported(workerConfig({}, stored))
  expect(written).toEqual([{ ...stored, conditions: [{ type: 'Joinable', status: 'Unknown', reason, message }] }])
})

it('nothing is written while its Cluster is paused', async () => {
  const config = workerConfig({})
  expect(await reported(config, { spec: { paused: true } })).toEqual({ written: [], events: [] })
})
