import { describe, expect, it } from 'vitest'
import { certificates, etcdService, liveSet, observed } from '../../../testing/observed.ts'
import { render } from '../../phases.ts'
import { argsMark, etcdArgs, memberQuota } from './args.ts'

const Mi = 1024 ** 2
// of 2 GiB etcd gets 1190 MiB; a file system has nine tenths, and the log takes 448 MiB of those
const size = '2Gi'
const most = Math.floor(2048 * Mi * 0.9) - 448 * Mi
const seen = (args: readonly string[], memory = {}) => {
  const snapshot = observed(
    { version: 'v1.36.3+k0s.1', storage: { etcd: { args: [...args], persistence: { size } } } },
    { ...certificates, services: [etcdService] },
  )
  return { ...snapshot, memory: { ...snapshot.memory, ...memory } }
}
const of = (...args: readonly string[]) => etcdArgs(seen(args))

describe('keys of the file', () => {
  it.each([
    [[`--quota-backend-bytes=${most}`], { 'quota-backend-bytes': most }],
    [['--snapshot-count', '5000'], { 'snapshot-count': 5000 }],
    [['-max-txn-ops=512'], { 'max-txn-ops': 512 }],
    [['--pre-vote'], { 'pre-vote': true }],
    [['--pre-vote', '--max-txn-ops=512'], { 'pre-vote': true, 'max-txn-ops': 512 }],
    [['--pre-vote=false'], { 'pre-vote': false }],
    [['--auto-compaction-retention=30m'], { 'auto-compaction-retention': '30m' }],
    [['--max-txn-ops=512', '--max-txn-ops=513'], { 'max-txn-ops': 513 }],
    [['--heartbeat-interval=300', '--election-timeout=3000'], { 'heartbeat-interval': 300, 'election-timeout': 3000 }],
  ])('%j', (args, keys) => {
    expect(of(...args)).toEqual({ keys, refused: [] })
  })

  it('are in the file of the member, in place of ours', () => {
    const objects = render(seen(['--snapshot-count=5000', '--data-dir=/tmp'])).flatMap(outcome => outcome.objects)
    const config = objects.find(({ metadata }) => metadata.name === 'kmc-prod-etcd-config')
    const file = JSON.stringify(config)
    expect(file).toContain('snapshot-count: 5000')
    expect(file).not.toContain('snapshot-count: 10000')
    expect(file).not.toContain('/tmp')
  })
})

describe('refused, by name and never by value', () => {
  it.each([
    [['--data-dir=/tmp/secret'], '--data-dir: decided by the provider or not known'],
    [['--data-dir', '/tmp/secret'], '--data-dir: decided by the provider or not known'],
    [['--unsafe-no-fsync'], '--unsafe-no-fsync: decided by the provider or not known'],
    [['--force-new-cluster=true'], '--force-new-cluster: decided by the provider or not known'],
    [['--client-cert-auth=false'], '--client-cert-auth: decided by the provider or not known'],
    [['--listen-client-urls=http://secret'], '--listen-client-urls: decided by the provider or not known'],
    [['--constructor=secret'], '--constructor: decided by the provider or not known'],
    [['--max-wals=0'], '--max-wals: decided by the provider or not known'],
    [['--max-txn-ops=secret'], '--max-txn-ops: not a value that it may have'],
    [['--max-txn-ops=0'], '--max-txn-ops: not a value that it may have'],
    [['--max-request-bytes=1'], '--max-request-bytes: not a value that it may have'],
    [['--snapshot-count=999999999999'], '--snapshot-count: not a value that it may have'],
    [['--auto-compaction-retention=0'], '--auto-compaction-retention: not a value that it may have'],
    [['--auto-compaction-retention=999999999h'], '--auto-compaction-retention: not a value that it may have'],
    [['--election-timeout=50001'], '--election-timeout: not a value that it may have'],
    [['secret'], '0: no flag'],
    [['--snapshot-count=5000', 'secret'], '1: no flag'],
    [['--quota-backend-bytes=8589934592'], '--quota-backend-bytes: no room in the volume'],
    [[`--quota-backend-bytes=${most + 1}`], '--quota-backend-bytes: no room in the volume'],
    [['--quota-backend-bytes=1073741824'], '--quota-backend-bytes: less than without it'],
    [['--heartbeat-interval=300'], '--heartbeat-interval: an election takes at least 5 heartbeats'],
  ])('%j', (args, why) => {
    const { keys, refused } = of(...args)
    expect(refused).toEqual([`spec.storage.etcd.args[${why}]`])
    expect(Object.keys(keys)).toEqual(args.includes('--snapshot-count=5000') ? ['snapshot-count'] : [])
    expect(JSON.stringify(refused)).not.toContain('secret')
    // conditions are read back by their commas
    expect(why).not.toContain(',')
  })

  it('what may be the value of a flag that nobody here knows is not named', () => {
    expect(of('--initial-cluster-token', '-s3cret').refused).toEqual([
      'spec.storage.etcd.args[--initial-cluster-token: decided by the provider or not known]',
      'spec.storage.etcd.args[1: no flag]',
    ])
  })
})

it('less than a living etcd may have filled is no quota', () => {
  const set = liveSet('kmc-prod-etcd', {
    spec: {
      volumeClaimTemplates: [{ metadata: {}, spec: { resources: { requests: { storage: size } } } }],
    } as never,
  })
  // of a release that wrote no quota: etcd has taken 2 GiB for it
  const older = { ...seen([`--quota-backend-bytes=${most}`]), datastoreSet: set }
  expect(etcdArgs(older).refused).toEqual(['spec.storage.etcd.args[--quota-backend-bytes: less than without it]'])
})

it('what had no effect at an earlier release has none until the spec changes', () => {
  const args = ['--snapshot-count=5000']
  const ofFormed = etcdArgs(seen(args, { datastoreFormed: true, etcdArgsUnused: true }))
  expect(ofFormed).toEqual({ keys: {}, refused: ['spec.storage.etcd.args'] })
  expect(etcdArgs(seen(args, { datastoreFormed: false, etcdArgsUnused: true })).keys).toEqual({
    'snapshot-count': 5000,
  })
})

it('pods are replaced by what has effect alone, in whatever order it is written', () => {
  const mark = (...args: readonly string[]) => argsMark(of(...args).keys)
  expect(mark()).toEqual({})
  expect(mark('--data-dir=/tmp')).toEqual({})
  expect(mark('--max-txn-ops=512', '--pre-vote')).toEqual(mark('--pre-vote=true', '--max-txn-ops=512'))
  expect(mark('--max-txn-ops=512')).not.toEqual(mark('--max-txn-ops=513'))
})

it('the quota of the file is the one that is asked for', () => {
  expect(memberQuota(seen([]))).toBe(1190 * Mi + Math.floor(0.4 * Mi))
  expect(memberQuota(seen([`--quota-backend-bytes=${1300 * Mi}`]))).toBe(1300 * Mi)
})
