import { describe, expect, it } from 'vitest'
import { eventsFor } from './news.ts'

type Status = 'True' | 'False' | 'Unknown'
const draft = (type: string, status: Status, reason: string, message = '') => ({ type, status, reason, message })
const live = (...condition: Parameters<typeof draft>) => ({ ...draft(...condition), lastTransitionTime: '' })
const details = { access: { endpoint: { host: '2001:db8::1', port: 30443 }, secret: 'prod-kubeconfig' } }
const up = live('Initialized', 'True', 'Initialized')

const waiting = draft('DatastoreAvailable', 'False', 'WaitingForMembers', 'waiting for etcd')
const forBalancer = draft('EndpointAvailable', 'False', 'WaitingForLoadBalancer', 'no address')
const pods = (status: Status, reason: string, message = '') =>
  draft('ControlPlaneComponentsHealthy', status, reason, message)

describe('an Event is told for', () => {
  it.each<[string, ReturnType<typeof live>[], ReturnType<typeof draft>, string[]]>([
    ['no repetition', [live('Available', 'True', 'Available')], draft('Available', 'True', 'Available'), []],
    ['nothing that is absent', [], draft('RollingOut', 'False', 'NotRollingOut'), []],
    [
      'nothing that ended',
      [live('RollingOut', 'True', 'RollingOut')],
      draft('RollingOut', 'False', 'NotRollingOut'),
      [],
    ],
    ['no scaling', [], draft('ScalingUp', 'True', 'ScalingUp', '0 of 1 pods exist'), []],
    ['nothing unknown', [up], draft('RollingOut', 'Unknown', 'SpecNotApplied', 'bad'), []],
    ['no wait that passes by itself', [], waiting, []],
    ['a wait that people may have to end', [], forBalancer, ['Normal WaitingForLoadBalancer no address']],
    [
      'no first answer that is still to come',
      [],
      draft('EndpointAvailable', 'False', 'WaitingForEndpointAnswer', 'w'),
      [],
    ],
    [
      'an endpoint that somebody changed while it was in use',
      [up, live('EndpointAvailable', 'True', 'EndpointAvailable', 'old')],
      draft('EndpointAvailable', 'False', 'WaitingForEndpointAnswer', 'new'),
      ['Normal WaitingForEndpointAnswer new'],
    ],
    ['no Available that only repeats a cause', [], draft('Available', 'False', 'InvalidVersion', 'bad'), []],
    ['bad input', [], pods('False', 'InvalidVersion', 'bad'), ['Warning InvalidVersion bad']],
    [
      'fields without effect',
      [],
      draft('NotSupported', 'True', 'FieldsNotSupported', 'f'),
      ['Warning FieldsNotSupported f'],
    ],
    [
      'a step of the start',
      [],
      pods('True', 'ControlPlaneComponentsHealthy'),
      ['Normal ControlPlaneComponentsHealthy ControlPlaneComponentsHealthy is True'],
    ],
    [
      'no such step later',
      [up, live('ControlPlaneComponentsHealthy', 'False', 'WaitingForPods', 'w')],
      pods('True', 'ControlPlaneComponentsHealthy'),
      [],
    ],
    [
      'an end of trouble',
      [up, live('ControlPlaneComponentsHealthy', 'False', 'PodsFailing', 'f')],
      pods('True', 'ControlPlaneComponentsHealthy'),
      ['Normal ControlPlaneComponentsHealthy ControlPlaneComponentsHealthy is True'],
    ],
    [
      'a loss',
      [up, live('Available', 'True', 'Available')],
      draft('Available', 'False', 'APIServerUnreachable', 'refused'),
      ['Warning APIServerUnreachable refused'],
    ],
    ['no control plane that cannot be moved', [], draft('Movable', 'False', 'PodsAndVolumesStay', 'm'), []],
    [
      'how it is reached',
      [],
      draft('Available', 'True', 'Available'),
      [
        'Normal Available the API server answers at https://[2001:db8::1]:30443; Secret prod-kubeconfig has the kubeconfig',
      ],
    ],
  ])('%s', (_, before, condition, told) => {
    const notes = eventsFor(before, [condition], details)
    expect(notes.map(({ type, reason, message }) => `${type} ${reason} ${message}`)).toEqual(told)
  })
})

it('says last that the control plane is available', () => {
  const conditions = [draft('Available', 'True', 'Available'), pods('True', 'ControlPlaneComponentsHealthy')]
  expect(eventsFor([], conditions, details).map(({ reason }) => reason)).toEqual([
    'ControlPlaneComponentsHealthy',
    'Available',
  ])
})

it("puts the server's own words into the Event of a refusal", () => {
  const conditions = [pods('False', 'ApplyRefused', 'refused: StatefulSet (Forbidden)')]
  expect(eventsFor([], conditions, { ...details, words: 'quota "q" is exceeded' })).toEqual([
    { type: 'Warning', reason: 'ApplyRefused', message: 'quota "q" is exceeded' },
  ])
})
