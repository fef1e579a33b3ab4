// Control planes on PostgreSQL and MariaDB that restart, move and fill up: nothing that was acknowledged is lost — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Machine } from '@k0smotron-ts/hack/lab'
import { until } from '@k0smotron-ts/hack/testenv'
import { conditionIn, configMaps, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, patienceMs, untilAnswering } from '../harness/cluster.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { findDatabaseRoot, startMachine } from './support/databases/machine.ts'
import { mysqlSource, promote, restartMariaDB, startMariaDB } from './support/databases/mariadb.ts'
import {
  fillDisk,
  freeDisk,
  postgresURL,
  resumePostgreSQL,
  startPostgreSQL,
  stopPostgreSQL,
} from './support/databases/postgresql.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { startWriting, type Writing } from './support/writing.ts'

const namespace = 'databases'
const password = `a:b/c@d?e#f%g&h i'j"k\\l+m=nü$(o)`
const three = { name: 'three', password }
const alone = { name: 'alone', password }
const root = await findDatabaseRoot()

describeWithEachK0s(
  'control planes on databases',
  k0s => {
    const opened = new AsyncDisposableStack()
    let stage: Stage
    let postgres: Machine
    let first: Machine
    let second: Machine

    beforeAll(async () => {
      stage = opened.use(await startStage({ name: ownLab('databases'), k0s }))
      await makeNamespace(stage.kubectl, namespace)
      ;[postgres, first, second] = await Promise.all([
        startMachine(stage.lab, root, 'postgresql'),
        startMachine(stage.lab, root, 'mariadb-1'),
        startMachine(stage.lab, root, 'mariadb-2'),
      ])
      await Promise.all([startPostgreSQL(postgres, [three]), startMariaDB(first, second, [alone])])
      await apply(three.name, postgresURL(postgres, three), 3)
      await apply(alone.name, mysqlSource(first, alone), 1)
    })

    afterAll(() => opened.disposeAsync())

    const key = (name: string) => ({ namespace, name })
    const source = (url: string) => ({ stringData: { K0SMOTRON_KINE_DATASOURCE_URL: url } })

    async function apply(name: string, url: string, replicas: number): Promise<void> {
      const metadata = key(name)
      await stage.management.client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, ...source(url) })
      const storage = { type: 'kine', kine: { dataSourceSecretName: name }, etcd: null }
      const changes = { K0smotronControlPlane: { spec: { replicas, storage } } }
      await applyCluster(stage, key(name), { variables: { WORKER_MACHINE_COUNT: '0' }, changes })
    }

    const changeSource = (name: string, url: string) =>
      stage.management.client.patchMerge(secrets, key(name), source(url))

    /** All pods serve, and nothing changes any more. */
    const settled = (name: string, replicas: number) =>
      until(stage.management.client, { type: k0smotronControlPlane, key: key(name), patienceMs }, found => {
        const { conditions, readyReplicas } = found?.status ?? {}
        const is = (type: string) => conditionIn(conditions, type)?.status
        const rests = ['RollingOut', 'ScalingUp', 'ScalingDown'].every(type => is(type) === 'False')
        return readyReplicas === replicas && rests && is('Available') === 'True'
      })

    const told = (name: string, type: string, words: string) =>
      until(
        stage.management.client,
        { type: k0smotronControlPlane, key: key(name), patienceMs },
        found => conditionIn(found?.status?.conditions, type)?.message?.includes(words) ?? false,
      )

    async function client(name: string): Promise<{ readonly workload: Workload; readonly writing: Writing }> {
      const workload = opened.use(await untilAnswering(stage, key(name)))
      return { workload, writing: opened.use(startWriting(workload)) }
    }

    async function serves(writing: Writing): Promise<void> {
      const before = writing.counts.acknowledged
      await expect.poll(() => writing.counts.acknowledged, { timeout: patienceMs }).toBeGreaterThan(before + 10)
    }

    const podsOf = (name: string): Promise<string> => {
      const which = [`--namespace=${namespace}`, `--selector=cluster=${name}`]
      return stage.kubectl(['get', 'pods', ...which, '--output=jsonpath={.items[*].metadata.uid}'])
    }

    test('three replicas on PostgreSQL: its restart and its full disk lose nothing that was acknowledged', async () => {
      await settled(three.name, 3)
      const { workload, writing } = await client(three.name)
      const pods = await podsOf(three.name)

      await stopPostgreSQL(postgres)
      await told(three.name, 'ControlPlaneComponentsHealthy', 'tells whether the database answers')
      await resumePostgreSQL(postgres)
      await serves(writing)
      await settled(three.name, 3)

      await fillDisk(postgres)
      const write = (): Promise<string> => {
        const metadata = { namespace: 'default', generateName: 'too-much-' }
        const data = { text: 'x'.repeat(100_000) }
        return workload.client
          .create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
          .then(() => 'written', String)
      }
      await expect.poll(write).toContain('No space left on device')
      await freeDisk(postgres)
      await serves(writing)
      await settled(three.name, 3)

      expect(await podsOf(three.name)).toBe(pods)
      expect(await writing.lost()).toEqual([])
      console.log(`PostgreSQL: acknowledged ${writing.counts.acknowledged}, failed ${writing.counts.failed}`)
    })

    test('MariaDB restarts, then its machine is lost and another one has its data: the Secret is changed', async () => {
      await settled(alone.name, 1)
      const { writing } = await client(alone.name)
      await restartMariaDB(first)
      await serves(writing)
      await first.kill()
      await promote(second)
      await changeSource(alone.name, mysqlSource(second, alone))
      await serves(writing)
      expect(await writing.lost()).toEqual([])
      console.log(`MariaDB: acknowledged ${writing.counts.acknowledged}, failed ${writing.counts.failed}`)
    })

    test('nothing of etcd is made for any of them, and no password is anywhere but in Secrets', async () => {
      const there = await contentOf(stage.kubectl, namespace)
      expect(there.filter(one => one.includes('etcd'))).toEqual([])
      expect(there).toContainEqual(expect.stringContaining('secret/kmc-three-config-'))
      const kinds = 'configmaps,events,pods,statefulsets,controllerrevisions.apps,k0smotroncontrolplanes,clusters'
      const seen = await stage.kubectl(['get', kinds, `--namespace=${namespace}`, '--output=json'])
      for (const text of [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)])
        expect(seen).not.toContain(text)
    })
  },
  'unavailable' in root ? root.unavailable : undefined,
)
