import { createHash } from 'node:crypto'
import { controlPlaneCondition, decodeBase64, type KubeObject, namesOf } from '@k0smotron-ts/api'
import { canonicalJson, type KubeSecret, type Pod, type StatefulSet } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { settledStatus } from '../../../controllers/k0smotroncontrolplane/report/status.ts'
import {
  certificates,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  observed,
  readyStatus,
  type Situation,
  secret,
  snapshot,
} from '../../../testing/observed.ts'
import { ownerlessParts } from '../../adoption.ts'
import { unsupportedFields } from '../../not-supported.ts'
import type { Observed } from '../../observed.ts'
import { listOwned } from '../../owned.ts'
import { orphans, render } from '../../phases.ts'
import { projectSecret } from '../../wakes/cache-projection.ts'

const version = 'v1.36.3+k0s.1'
const names = namesOf('prod')
const { datastoreAvailable } = controlPlaneCondition
const spec = { version, storage: { type: 'kine', kine: { dataSourceSecretName: 'db' } } } as const
const inline = (dataSourceURL: string) => ({ version, storage: { type: 'kine', kine: { dataSourceURL } } }) as const

function dataSource(text: string): Pick<Situation, 'dataSourceSecret'> {
  const data = { K0SMOTRON_KINE_DATASOURCE_URL: Buffer.from(text).toString('base64') }
  return { dataSourceSecret: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data } }
}

const dsn = 'postgres://k0s:hunter2@db.example:5432/prod'
const ready: Situation = { ...certificates, services: [liveService('ClusterIP')], ...dataSource(dsn) }
const objectsOf = (wanted: object, situation: Situation) =>
  render(observed(wanted, situation)).flatMap(({ objects }) => objects)
const configIn = (objects: readonly KubeObject[]) => objects.find(({ kind }) => kind === 'Secret') as KubeSecret
const configName = (situation: Situation, wanted: object = spec) =>
  configIn(objectsOf(wanted, situation)).metadata.name ?? ''

it('nothing of etcd is made, and no ConfigMap', () => {
  const objects = objectsOf(spec, ready)
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Service kmc-prod',
    'PodDisruptionBudget kmc-prod',
    `Secret ${configName(ready)}`,
    'StatefulSet kmc-prod',
  ])
  expect(JSON.stringify(objects)).not.toMatch(/[-/]etcd|configMap/i)
})

it('without a data source no pod is made, and what is there stays', () => {
  const { dataSourceSecret: _, ...missing } = ready
  const outcomes = render(observed(spec, missing))
  expect(outcomes.flatMap(({ objects }) => objects).map(({ kind }) => kind)).not.toContain('StatefulSet')
  expect(outcomes.flatMap(({ conditions }) => conditions)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: datastoreAvailable, status: 'False', reason: 'WaitingForDataSource' }),
      expect.objectContaining({ reason: 'WaitingForDatastore', message: 'waiting for a data source that may be used' }),
    ]),
  )
})

describe('the name of the configuration', () => {
  it('changes with the data source, and with nothing else of its Secret', () => {
    expect(configName({ ...ready, ...dataSource(`${dsn}x`) })).not.toBe(configName(ready))
    const touched = { ...dataSource(dsn).dataSourceSecret, metadata: { name: 'db', resourceVersion: '9' } }
    expect(configName({ ...ready, dataSourceSecret: touched as KubeSecret })).toBe(configName(ready))
    expect(configName(ready, inline(dsn))).toBe(configName(ready))
  })

  it('lets nobody try data sources who has not the key for service accounts', () => {
    const name = configName(ready)
    const sa = { ...secret('sa'), data: { ...secret('sa').data, 'tls.key': 'b3RoZXI=' } }
    expect(configName({ ...ready, secrets: { ...certificates.secrets, sa } })).not.toBe(name)
    const { data = {} } = configIn(objectsOf(spec, ready))
    const files = Object.fromEntries(Object.entries(data).map(([file, value]) => [file, decodeBase64(value)]))
    for (const content of [files, data]) {
      const plain = createHash('sha256').update(canonicalJson(content)).digest('hex')
      expect(plain).not.toContain(name.split('-').at(-1))
    }
  })
})

/** Whatever a program writes when it fails; the last line is what people get to see. */
const lastWords = (text: string) => [
  text,
  `level=fatal msg="building kine: dial ${text}: connection refused"`,
  `error: ${JSON.stringify(text)} is wrong`,
  `failed to connect to ${text.slice(text.indexOf('://') + 3)}: timeout`,
]

describe.each([
  dsn,
  'mysql://root:p a"ss\\@tcp(db:3306)/prod',
  'mysql://k0s:line\nbreak@tcp(db)/prod',
  'postgres://k0s:%70%40ss%23word@db/prod?sslmode=require',
  'postgres://db.example/prod-of-nobody',
])('of %j nothing is anywhere but in the configuration', text => {
  const parts = [text, JSON.stringify(text).slice(1, -1), text.slice(text.indexOf('://') + 3)]
  const base64 = Buffer.from(text).toString('base64')

  it.each([
    ['a Secret', spec, dataSource(text)],
    ['the spec', inline(text), {}],
  ] as const)('from %s', (_, wanted, source) => {
    for (const words of lastWords(text)) {
      const crashed = { name: 'controller', ready: false, lastState: { terminated: { exitCode: 1, message: words } } }
      const pods = [k0sPod({ containerStatuses: [crashed] } as unknown as Pod['status'])]
      const known = snapshot(wanted, { ...ready, ...source, pods })
      const outcomes = render(known.hosted)
      const { conditions } = settledStatus(known, outcomes, [])
      const others = outcomes.flatMap(({ objects }) => objects.filter(({ kind }) => kind !== 'Secret'))
      const { data: _data, ...withoutData } = configIn(outcomes.flatMap(({ objects }) => objects))
      const seen = JSON.stringify([others, withoutData, conditions, unsupportedFields(known.hosted)])
      expect(seen).toContain('ended with exit code 1')
      for (const part of [...parts, base64]) expect(seen).not.toContain(part)
    }
  })
})

it('nor is one that a pod was made with before', () => {
  const old = 'mysql://root:p a"ss\\@tcp(db:3306)/old'
  const config = configIn(objectsOf(spec, { ...ready, ...dataSource(old) }))
  const crashed = { name: 'controller', ready: false, lastState: { terminated: { exitCode: 1, message: `of ${old}` } } }
  const pods = [k0sPod({ containerStatuses: [crashed] } as unknown as Pod['status'])]
  const text = JSON.stringify(render(observed(spec, { ...ready, configSecrets: [config], pods })))
  expect(text).toContain('ended with exit code 1: of (hidden)')
})

it('a password alone is not quoted either, nor its other spelling', () => {
  const words = 'password p@ss,wd9 of k0s is wrong, spelled %70%40ss%2Cwd9'
  const crashed = { name: 'controller', ready: false, lastState: { terminated: { exitCode: 1, message: words } } }
  const situation = { ...ready, ...dataSource('postgres://k0s:%70%40ss%2Cwd9@db/prod') }
  const pods = [k0sPod({ containerStatuses: [crashed] } as unknown as Pod['status'])]
  const text = JSON.stringify(render(observed(spec, { ...situation, pods })).map(({ conditions }) => conditions))
  expect(text).toContain('of k0s is wrong')
  expect(text).not.toMatch(/p@ss|%70/)
})

it('a section of etcd beside it has no effect, and is named', () => {
  const etcd = { image: 'etcd:1', resources: {}, persistence: { size: '2Gi' } }
  const paths = unsupportedFields(observed({ ...spec, storage: { ...spec.storage, etcd } }, ready))
  expect(paths).toEqual([
    { path: 'spec.storage.etcd.image', blocks: false },
    { path: 'spec.storage.etcd.persistence', blocks: false },
  ])
})

it.each(['sqlite:///x.db', 'nats://x'])('a database in the pod is named as not supported: %s', url => {
  expect(unsupportedFields(observed(inline(url), ready)).map(({ path }) => path)).toEqual([
    'spec.storage.kine.dataSourceURL',
  ])
})

it('a database is meant where nothing says so: etcd does not start in its place', () => {
  const forgotten = { version, storage: { kine: { dataSourceSecretName: 'db' } } }
  expect(unsupportedFields(observed(forgotten, ready))).toContainEqual({
    path: 'spec.storage.kine.dataSourceSecretName',
    blocks: true,
  })
})

describe('a control plane that was made with another kind of datastore keeps it', () => {
  const configVolume = { template: { spec: { volumes: [{ name: 'config', secret: { secretName: 'x' } }] } } }
  it.each([
    ['etcd', spec, liveSet(names.etcd, {}), 'made with storage.type etcd (StatefulSet kmc-prod-etcd has its data)'],
    [
      'kine',
      { version },
      liveSet(names.statefulSet, { spec: configVolume as never }),
      'made with storage.type kine (StatefulSet kmc-prod reads it)',
    ],
  ])('%s', (_, wanted, set, words) => {
    const known = observed(wanted, { ...ready, statefulSets: [set] })
    const outcomes = render(known)
    expect(outcomes.flatMap(({ conditions }) => conditions)).toContainEqual({
      type: datastoreAvailable,
      status: 'False',
      reason: 'DatastoreChanged',
      message: expect.stringContaining(words),
    })
    expect(outcomes.flatMap(({ objects }) => objects).map(({ kind }) => kind)).not.toContain('StatefulSet')
  })
})

const ownerless = (wanted: object) => {
  const objects = render(observed(wanted, { ...ready, services: [liveService('ClusterIP'), etcdService] }))
  const sets = objects.flatMap(one => one.objects).filter(({ kind }) => kind === 'StatefulSet') as StatefulSet[]
  const statefulSets = sets.map(set => ({ ...set, metadata: { ...set.metadata, ownerReferences: [] } }))
  return { ownerless: { ...listOwned(() => []), statefulSets }, sets }
}

describe('of a control plane whose object was made anew with another kind of datastore', () => {
  it.each([
    ['etcd', { version }, spec, ['kmc-prod-etcd', 'kmc-prod']],
    ['kine', spec, { version }, ['kmc-prod']],
  ] as const)('nothing is adopted that was made with %s', (type, before, after, sets) => {
    const { ownerless: left } = ownerless(before)
    const service = { ...liveService('ClusterIP'), metadata: { ...metadataOf(left), ownerReferences: [] } }
    const found = ownerlessParts(observed(after, { ...ready, ownerless: { ...left, services: [service] } }))
    expect(found.map(({ object }) => object.metadata.name)).toEqual(sets)
    const unfit = expect.stringContaining(`made with storage.type ${type}`)
    for (const one of found) expect(one).toMatchObject({ unfit })
    expect(ownerlessParts(observed(before, { ...ready, ownerless: left }))).not.toContainEqual(
      expect.objectContaining({ unfit }),
    )
  })

  it('the StatefulSet of k0s tells of etcd when that of etcd is gone', () => {
    const [set] = ownerless({ version }).sets.filter(({ metadata }) => metadata.name === names.statefulSet)
    const message = 'made with storage.type etcd (StatefulSet kmc-prod reads it)'
    expect(changeOf(spec, { statefulSets: set ? [set] : [] })).toContain(message)
    expect(changeOf({ version }, { statefulSets: set ? [set] : [] })).toBeUndefined()
  })

  it.each([
    ['true', spec, { version }, 'etcd'],
    ['kine', { version }, spec, 'kine'],
  ] as const)('an annotation %s tells it without any StatefulSet', (mark, after, before, type) => {
    const { metadata, ...rest } = controlPlane(after)
    const annotations = { 'k0smotron.io/datastore-formed': mark }
    const remembering = { ...rest, metadata: { ...metadata, annotations } }
    expect(changeOf(after, { controlPlane: remembering })).toContain(
      `made with storage.type ${type} (its annotation k0smotron.io/datastore-formed says so)`,
    )
    expect(changeOf(before, { controlPlane: { ...remembering, spec: before } })).toBeUndefined()
  })
})

describe('another database than the one in use', () => {
  /** A control plane that runs with one data source, and is given another. */
  const given = (before: string, after: string, status: object = readyStatus) => {
    const objects = objectsOf(spec, { ...ready, ...dataSource(before) })
    const made = objects.find(({ kind }) => kind === 'StatefulSet') as StatefulSet
    const running = { ...made, status: { replicas: 1, updateRevision: 'new' } }
    const pods = [k0sPod(status as never)]
    const situation = {
      ...ready,
      ...dataSource(after),
      statefulSets: [running],
      configSecrets: [configIn(objects)],
      pods,
    }
    const outcomes = render(observed(spec, situation))
    const changed = outcomes.flatMap(({ conditions }) => conditions).find(({ reason }) => reason === 'DatastoreChanged')
    const kinds = outcomes.flatMap(({ objects: wanted }) => wanted.map(({ kind }) => kind))
    return { changed, rolls: kinds.includes('StatefulSet'), config: configIn(objects).metadata.name }
  }

  it.each([
    [dsn, 'postgres://k0s:hunter2@db.example:5432/prod2'],
    [dsn, 'postgres://k0s:hunter2@db.example:5432'],
    [dsn, 'postgres://k0s:hunter2@db.example:5432/prod?dbname=prod2'],
    [dsn, 'mysql://k0s:hunter2@tcp(db.example:3306)/prod'],
    ['mysql://k0s:hunter2@tcp(db)/a', 'mysql://k0s:hunter2@tcp(db)/b'],
  ])('rolls nothing, and no word tells either: %s, %s', (before, after) => {
    const { changed, rolls, config } = given(before, after)
    expect(changed).toMatchObject({ type: datastoreAvailable, status: 'False' })
    expect(changed?.message).toContain(
      `write the old name again, which Secret ${config} has, or make a new control plane`,
    )
    expect(changed?.message).not.toMatch(/hunter2|prod2|db\.example/)
    expect(rolls).toBe(false)
  })

  it.each([
    [dsn, 'postgres://other:hunter3@db2:5433/prod?sslmode=require'],
    ['postgres://db', 'postgres://db:5432/kubernetes'],
    ['postgres://db/prod', 'postgres://db/%70rod'],
    ['mysql://k0s:hunter2@tcp(db)/a', 'mysql://root:x/y@unix(/s)/a?tls=true'],
    ['mysql://k0s@tcp(db)/', 'mysql://k0s@tcp(db)/kubernetes'],
  ])('is none where only the way to it changed: %s, %s', (before, after) => {
    expect(given(before, after)).toMatchObject({ changed: undefined, rolls: true })
  })

  it('may be named until one has been used', () => {
    expect(given('postgres://db/wrong', dsn, {})).toMatchObject({ changed: undefined, rolls: true })
  })
})

function metadataOf({ statefulSets }: Pick<Observed, 'statefulSets'>) {
  const labels = { ...statefulSets[0]?.metadata.labels, 'app.kubernetes.io/component': 'control-plane' }
  return { name: names.service.ClusterIP, namespace: 'team', labels }
}

function changeOf(wanted: object, situation: Situation): string | undefined {
  const conditions = render(observed(wanted, { ...ready, ...situation })).flatMap(one => one.conditions)
  return conditions.find(({ reason }) => reason === 'DatastoreChanged')?.message
}

describe('a configuration that no pod was made for', () => {
  const uid = 'uid-of-prod-cp'
  const live = (hash: string) =>
    projectSecret({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `${names.config}-${hash}`,
        labels: {
          'cluster.x-k8s.io/cluster-name': 'prod',
          'app.kubernetes.io/component': 'cluster-config',
          'k0smotron.io/config': hash,
        },
        ownerReferences: [{ apiVersion: 'x/v1', kind: 'K0smotronControlPlane', name: 'p', uid, controller: true }],
      },
      data: { 'k0s.yaml': 'eDogMQ==' },
    })
  const set = liveSet(names.statefulSet, { spec: { replicas: 1 } as never, status: { replicas: 1 } })
  const situation: Situation = { ...ready, statefulSets: [set], configSecrets: [live('old'), live('used')] }

  it('goes, and one that is referred to stays', () => {
    const known = observed(spec, { ...situation, configsInUse: ['used'] })
    expect(orphans(known, render(known)).map(({ object }) => object.metadata.name)).toEqual([`${names.config}-old`])
  })

  it('stays when it is of somebody else', () => {
    const known = observed(spec, { ...situation, configSecrets: [{ ...live('old'), metadata: { name: 'x' } }] })
    expect(orphans(known, render(known))).toEqual([])
  })
})

it('it has formed once a pod of k0s was ready: then no new authorities are made', () => {
  const has = (situation: Situation) => {
    const known = observed(spec, situation)
    return [known.datastore.isReady(known), known.datastore.isFormed(known)]
  }
  expect(has(ready)).toEqual([false, false])
  expect(has({ ...ready, pods: [k0sPod(readyStatus as never)] })).toEqual([true, true])
})
