// What the status says after each kind of pass — core
import type { Condition } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { bootstrapData, observed, workerConfig } from '../../../testing/observed.ts'
import { began, type Observed } from '../observed.ts'
import { eventsFor } from './report.ts'
import { pausedStatus, type StatusDraft, statusOf } from './status.ts'

const wait = { reason: 'WaitingForCluster', message: 'waiting for Cluster prod' }
const stored = (snapshot: Observed) => statusOf({ ...began(snapshot), isStored: true }) as StatusDraft
const waiting = (snapshot: Observed, why: typeof wait) => statusOf({ ...began(snapshot), wait: why }) as StatusDraft
const notPaused = { type: 'Paused', status: 'False', reason: 'NotPaused', message: '' } as const
const told = { dataSecretName: 'm1', initialization: { dataSecretCreated: true } }
const timed = (condition: Omit<Condition, 'lastTransitionTime'>): Condition => ({
  ...condition,
  lastTransitionTime: '2026-05-01T00:00:00Z',
})

test('stored: the name, the promise to Cluster API, and the summary', () => {
  expect(stored(observed({}, { secrets: { bootstrap: bootstrapData } }))).toEqual({
    ...told,
    version: 'v1.36.3+k0s.0',
    conditions: [
      { type: 'DataSecretAvailable', status: 'True', reason: 'Available', message: '' },
      { type: 'Ready', status: 'True', reason: 'Ready', message: '' },
      notPaused,
    ],
  })
})

test('waiting: said in both conditions, and nothing is promised', () => {
  expect(waiting(observed(), wait)).toEqual({
    conditions: [
      { type: 'DataSecretAvailable', status: 'False', ...wait },
      { type: 'Ready', status: 'False', reason: 'NotReady', message: wait.message },
      notPaused,
    ],
  })
})

test('waiting for data that vanished: what was told stays told', () => {
  const config = workerConfig({}, { ...told, conditions: [] })
  expect(waiting(observed({}, { config }), wait)).toMatchObject(told)
})

test('paused: everything else stays as it was', () => {
  const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: '' } as const
  const config = workerConfig({}, { ...told, observedGeneration: 1, conditions: [timed(ready), timed(notPaused)] })
  expect(pausedStatus(observed({}, { config }))).toEqual({
    ...told,
    observedGeneration: 1,
    conditions: [
      { type: 'Paused', status: 'True', reason: 'Paused', message: 'nothing is changed while paused' },
      ready,
    ],
  })
})

test('fields without effect are listed', () => {
  const provisioner = { ignition: { variant: 'fcos', version: '1.0.0' } } as const
  expect(stored(observed({ provisioner })).conditions).toContainEqual({
    type: 'NotSupported',
    status: 'True',
    reason: 'FieldsNotSupported',
    message: 'these fields have no effect yet: spec.provisioner.ignition',
  })
})

test('an Event for each change of mind, none for a repetition and none for the summary', () => {
  const first = waiting(observed(), wait)
  expect(eventsFor(undefined, first)).toEqual([{ type: 'Normal', ...wait }])
  expect(eventsFor(first.conditions.map(timed), first)).toEqual([])
  expect(eventsFor(first.conditions.map(timed), stored(observed()))).toEqual([
    { type: 'Normal', reason: 'Available', message: 'DataSecretAvailable is True' },
  ])
  const refused = waiting(observed(), { reason: 'InvalidSpec', message: 'spec.args[0] …' })
  expect(eventsFor(first.conditions.map(timed), refused)).toEqual([
    { type: 'Warning', reason: 'InvalidSpec', message: 'spec.args[0] …' },
  ])
})
