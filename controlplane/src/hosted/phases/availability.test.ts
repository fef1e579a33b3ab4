// Whether the control plane can be used, and what people are told when it cannot — core
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import {
  certificates,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { kubeconfigMetadata } from '../facts/kubeconfig.ts'
import { renderAvailability } from './availability.ts'

const condition = (reason: string, status: ConditionDraft['status'] = 'False'): ConditionDraft => ({
  type: 'X',
  status,
  reason,
  message: `because of ${reason}`,
})
const said = (situation: Situation, earlier: readonly ConditionDraft[] = []) =>
  renderAvailability(observed({}, situation), earlier).conditions.map(one => `${one.type} ${one.status} ${one.reason}`)

it('is true while the workload API is ready, whatever else is waited for', () => {
  expect(said({ workloadAPI: { ready: true, message: '' } }, [condition('WaitingForPods')])).toEqual([
    'Available True Available',
    'Initialized True Initialized',
  ])
})

describe('the cause', () => {
  it.each<[string, readonly ConditionDraft[], string]>([
    [
      'is what needs somebody, before what passes by itself',
      [condition('WaitingForX'), condition('NotOurs')],
      'NotOurs',
    ],
    ['is the first wait where nothing is wrong', [condition('WaitingForX'), condition('WaitingForY')], 'WaitingForX'],
    ['may be something that is not known', [condition('WaitingForX', 'Unknown')], 'WaitingForX'],
    ['is never the wait for this very answer', [condition('WaitingForEndpointAnswer')], 'APIServerUnreachable'],
    ['is the missing answer when all else is well', [condition('Fine', 'True')], 'APIServerUnreachable'],
  ])('%s', (_, earlier, reason) => {
    expect(said({}, earlier)).toEqual([`Available False ${reason}`, 'Initialized False NotInitialized'])
  })

  it('has the words of the last answer, or that there is none yet', () => {
    const messageOf = (situation: Situation) => renderAvailability(observed({}, situation), []).conditions[0]?.message
    expect(messageOf({ workloadAPI: { ready: false, message: '10.0.0.1: no route' } })).toBe('10.0.0.1: no route')
    expect(messageOf({})).toBe('waiting for the first answer of the API server')
  })
})

it('a manager that has just started leaves the words of the one before until it has asked itself', () => {
  const message = 'nobody at 192.0.2.1:6443 answers'
  const known = { type: 'Available', status: 'False', reason: 'APIServerUnreachable', message } as const
  const object = controlPlane({}, { conditions: [{ ...known, lastTransitionTime: '2026-05-01T12:00:00Z' }] })
  const kubeconfig = { apiVersion: 'v1', kind: 'Secret', metadata: kubeconfigMetadata(observed({})) }
  const before: Situation = {
    ...certificates,
    secrets: { ...certificates.secrets, kubeconfig },
    services: [liveService('ClusterIP'), etcdService],
    pods: [k0sPod(readyStatus)],
    kubeconfig: { server: 'https://10.96.7.7:30443', certificateAuthority: 'certificate of ca' },
    controlPlane: object,
  }
  const messageOf = (situation: Situation) => renderAvailability(observed({}, situation), []).conditions[0]?.message
  expect(messageOf(before)).toBe(message)
  expect(messageOf({ ...before, pods: [] })).toBe('waiting for the first answer of the API server')
  expect(messageOf({ ...before, workloadAPI: { ready: false, message: 'another' } })).toBe('another')
  // of one that was woken meanwhile that is not so any more
  const slept = { ...known, reason: 'Hibernated', lastTransitionTime: '2026-05-01T12:00:00Z' }
  const woken = controlPlane({}, { conditions: [slept], initialization: { controlPlaneInitialized: true } })
  expect(messageOf({ ...before, controlPlane: woken })).toBe('waiting for the first answer of the API server')
})

it('initialized is never taken back', () => {
  const up = controlPlane({}, { initialization: { controlPlaneInitialized: true } })
  expect(said({ controlPlane: up, workloadAPI: { ready: false, message: 'x' } })).toEqual([
    'Available False APIServerUnreachable',
    'Initialized True Initialized',
  ])
})
