// The first pages of the docs, followed word by word where nothing of ours is installed yet — shell
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corePages, readPages } from '../docs/pages.ts'
import { createReader, type Reader } from '../docs/reader.ts'
import { type ReleasedStage, startReleasedStage } from '../harness/released.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'

const version = 'v0.1.0'

describeWithEachK0s('who follows the docs', k0s => {
  let stage: ReleasedStage
  let reader: Reader
  let before: readonly string[]

  beforeAll(async () => {
    stage = await startReleasedStage({ name: ownLab('docs'), versions: [version], k0s })
    reader = await createReader(stage, version)
    before = await contentOf(stage.kubectl, 'default')
  })

  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  test.each(corePages)('%s', async path => {
    const [page] = await readPages([path])
    if (page === undefined || page.parts.length === 0) throw new Error(`${path} has nothing that is run`)
    await reader.follow(page)
  })

  test('has nothing left of the clusters that these pages delete', async () => {
    await expect.poll(() => contentOf(stage.kubectl, 'default')).toEqual(before)
  })

  test('gets the same of v1beta1; deleted, only the volume of etcd is left', async () => {
    await makeAndDelete('older')
  })

  test('gets the same of install-standalone.yaml, which has one manager and no kind of Cluster API', async () => {
    const { kubectl, releases } = stage
    await kubectl(['delete', 'deployment', '--all', '--namespace=k0smotron'])
    const started = performance.now()
    await kubectl(['apply', '--server-side', '-f', join(releases[version] ?? '', 'install-standalone.yaml')])
    await kubectl(['rollout', 'status', 'deployment', '--namespace=k0smotron', '--timeout=10m'])
    console.log(`install-standalone.yaml → Ready: ${seconds(started)}`)
    await makeAndDelete('alone')
  })

  async function makeAndDelete(namespace: string): Promise<void> {
    const { kubectl } = stage
    await makeNamespace(kubectl, namespace)
    const metadata = { name: 'mine', namespace }
    const started = performance.now()
    const cluster = { apiVersion: 'k0smotron.io/v1beta1', kind: 'Cluster', metadata, spec: {} }
    await kubectl(['apply', '-f', '-'], JSON.stringify(cluster))
    await kubectl(['wait', '--for=condition=Available', '--timeout=10m', `--namespace=${namespace}`, 'kmc/mine'])
    console.log(`v1beta1, spec: {} → Available: ${seconds(started)}`)
    await kubectl(['delete', '--timeout=10m', `--namespace=${namespace}`, 'kmc/mine'])
    await expect.poll(() => contentOf(kubectl, namespace)).toEqual(['persistentvolumeclaim/etcd-data-kmc-mine-etcd-0'])
  }
})

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`
