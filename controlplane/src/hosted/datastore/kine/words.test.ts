import type { KubeObject } from '@k0smotron-ts/api'
import type { KubeSecret, Pod } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { certificates, k0sPod, liveService, observed, type Situation } from '../../../testing/observed.ts'
import { render } from '../../phases.ts'

const spec = { version: 'v1.36.3+k0s.1', storage: { type: 'kine', kine: { dataSourceSecretName: 'db' } } } as const
const data = { K0SMOTRON_KINE_DATASOURCE_URL: Buffer.from('postgres://k0s:hunter2@db/prod').toString('base64') }
const dataSourceSecret: KubeSecret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data }
const ready: Situation = { ...certificates, services: [liveService('ClusterIP')], dataSourceSecret }
const configIn = (objects: readonly KubeObject[]) => objects.find(({ kind }) => kind === 'Secret') as KubeSecret

/** What a condition says of a pod that ended with these words, made with the data source now or before. */
function told(text: string, words: string): string {
  return toldWith(dump({ spec: { storage: { kine: { dataSource: text } } } }), words)
}

function toldWith(file: string, words: string): string {
  const crashed = { name: 'controller', ready: false, lastState: { terminated: { exitCode: 1, message: words } } }
  const pods = [k0sPod({ containerStatuses: [crashed] } as unknown as Pod['status'])]
  const made = { 'k0s.yaml': Buffer.from(file).toString('base64') }
  const config = { ...configIn(render(observed(spec, ready)).flatMap(({ objects }) => objects)), data: made }
  const outcomes = render(observed(spec, { ...ready, configSecrets: [config], pods }))
  return JSON.stringify(outcomes.flatMap(({ conditions }) => conditions))
}
const quoted = (text: string) => JSON.stringify(text).slice(1, -1)

describe('words that still hold a part of the password are not shown, but where they are', () => {
  it.each([
    ['postgres://k0s:Tr0ub4dor/3xyz@db:5432/prod', 'invalid port ":Tr0ub4dor" after host', 'Tr0ub'],
    ['postgres://k0s:Tr0ub4dor#3xyz@db:5432/prod', 'no host 3xyz@db', '3xyz'],
    ['postgres://k0s:hunter22@db/prod?application_name=a@b', 'password Hunter22 is wrong', 'unter'],
    ['postgres://k0s@db/prod?password=hunter22', 'the word unter22 is wrong', 'unter'],
    ['postgres://k0s:h%75nter22@db/prod', 'hunt%65r22 is wrong', 'r22'],
    ['postgres://k0s:abc@db/prod', 'no port ":abc"', 'abc'],
    [
      'mysql://root:pa"ss wo"rd@tcp(db:3306)/prod',
      quoted(quoted('dial root:pa"ss wo"rd@tcp(db:3306): refused')),
      'ss wo',
    ],
    ['mysql://root:a/b@c/d9@tcp(db)/prod?x=y', 'dial b@c/d9', 'd9'],
  ])('%s', (text, words, part) => {
    const seen = told(text, words)
    expect(seen).toContain('read them with kubectl logs -n team kmc-prod-0 -c controller --previous')
    expect(seen).not.toContain(part)
  })

  it('others are shown: of the user, the host, and of who has no password', () => {
    const words = 'dial k0s at db.example:5432: connection refused'
    expect(told('postgres://k0s:hunter22@db.example:5432/prod', words)).toContain(words)
    expect(told('postgres://k0s@db.example:5432/prod', words)).toContain(words)
    expect(told('mysql://k0s:@tcp(db.example:5432)/prod', words)).toContain(words)
  })
})

it.each([
  ['where to look', [k0sPod({} as never)], true],
  ['nothing of pods that are not there', [], false],
] as const)('pods that are not ready and give no cause: %s', (_, pods, isSaid) => {
  const conditions = render(observed(spec, { ...ready, pods })).flatMap(one => one.conditions)
  const hint = 'kubectl logs -n team statefulset/kmc-prod -c controller tells whether the database answers'
  const { message = '' } = conditions.find(({ reason }) => reason === 'WaitingForPods') ?? {}
  expect(message).toContain('waiting for the control plane pod to be ready')
  expect(message.includes(hint)).toBe(isSaid)
})

describe('k0s waits for kine in vain: what that said of the database comes with it', () => {
  const waited = 'Error: waiting for kine: context deadline exceeded'
  const said = (words: string) => `component=kine \u001b[31mERRO\u001b[0m[2026-05-01T10:00:00Z] ${words}\n${waited}`

  it('without a time, so that it stays the same', () => {
    const seen = told('postgres://k0s:hunter22@db/prod', said('FATAL: authentication failed for user k0s'))
    expect(seen).toContain(`${waited}; kine said: FATAL: authentication failed for user k0s`)
    expect(seen).not.toContain('10:00:00')
  })

  it('not with a part of the password', () => {
    const seen = told('postgres://k0s:hunter22@db/prod', said('nter22 is wrong'))
    expect(seen).toContain('read them with kubectl logs')
    expect(seen).not.toContain('nter22')
  })

  it('or where it is, if the end of the log has only how kine ended', () => {
    const seen = told('postgres://k0s:hunter22@db/prod', `component=kine goroutine 1 [running]:\n${waited}`)
    expect(seen).toContain(`${waited}; what kine said is in kubectl logs -n team kmc-prod-0 -c controller --previous`)
    expect(told('postgres://k0s:hunter22@db/prod', 'Error: unknown field')).not.toContain('kubectl logs')
  })

  it('once, where it is the last line', () => {
    expect(told('postgres://k0s:hunter22@db/prod', said('no').split('\n', 1)[0] ?? '')).not.toContain('kine said')
  })
})

it.each([
  'a: [hunter3',
  '',
  'null',
  '- 1',
  'spec: null',
  'spec: {storage: null}',
  'spec: {storage: {kine: {dataSource: 7}}}',
])('a configuration that somebody spoiled stops nothing: %j', file => {
  const seen = toldWith(file, 'no route to host')
  expect(seen).toContain('ended with exit code 1: no route to host')
  expect(seen).not.toContain('hunter3')
})
