// What is released, installed from its files alone: the image in pods, under the rights of the manifests — shell
import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clusterctl, variablesFor } from '../harness/clusterctl.ts'
import type { Seen } from '../harness/independent.ts'
import { type ReleasedStage, startReleasedStage } from '../harness/released.ts'
import { deleteCluster, is, patienceMs, untilAnswering, untilJoined } from '../harness/released-cluster.ts'
import { writeRepository } from '../harness/repository.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { patchedOnce, storedIn, untilPatchSeen, writesIn } from './support/left-alone.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { allOf, applyTopology, type Settled, untilSettled, upgradeTopology } from './support/topology.ts'

const name = ownLab('release')
const [before, now] = ['v0.1.0', 'v0.1.1']
const cluster = { namespace: 'team-a', name: 'first' }
const classed = { namespace: 'team-t', name: 'classed' }
/** Control planes without machines. */
const others = { namespace: 'team-b', names: Array.from({ length: 9 }, (_, index) => `small-${index}`) }
/** So many of them start at once: k0s gives each API server two minutes, whatever else wants the processors. */
const together = 3
const namespaces = [cluster.namespace, others.namespace]
const ours = 'k0sproject-k0smotron'
const deployments = ['k0smotron-controller-manager-bootstrap', 'k0smotron-controller-manager-control-plane']

describeWithEachK0s('a release', k0s => {
  let stage: ReleasedStage
  let config: string

  beforeAll(async () => {
    stage = await startReleasedStage({ name, versions: [before, now], k0s })
    const { kubectl, releases, folder } = stage
    // stricter than the release itself: what is not of the standard is refused
    const enforced = { 'pod-security.kubernetes.io/enforce': 'restricted' }
    await kubectl(['label', 'namespace', 'k0smotron', ...Object.entries(enforced).map(pair => pair.join('='))])
    config = await writeRepository({ folder: join(folder, 'repository'), releases, kubectl })
    await makeNamespace(kubectl, cluster.namespace)
  })

  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  const ctl = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> =>
    clusterctl([...args, '--config', config], { KUBECONFIG: stage.lab.env.kubeconfig, ...env })

  /** The image of every Deployment whose pods are all Ready. */
  async function readyImages(): Promise<Readonly<Record<string, string>>> {
    const path =
      '{range .items[*]}{.metadata.name} {.status.readyReplicas} {.spec.template.spec.containers[0].image}{"\\n"}{end}'
    const lines = await stage.kubectl(['get', 'deployments', '--namespace=k0smotron', `--output=jsonpath=${path}`])
    const ready = lines
      .split('\n')
      .map(line => line.split(' '))
      .filter(([, replicas]) => replicas === '1')
    return Object.fromEntries(ready.map(([deployment = '', , image = '']) => [deployment, image]))
  }

  const ofVersion = (version: string): object =>
    Object.fromEntries(deployments.map(deployment => [deployment, `localhost/k0smotron-ts:${version}`]))

  test('the image is small enough to pull at a start', () => {
    console.log(`image: ${(stage.imageSize / (1 << 20)).toFixed(1)} MiB compressed`)
    expect(stage.imageSize).toBeLessThan(90 * (1 << 20))
  })

  test('clusterctl init installs both providers and waits until they are Ready', async () => {
    const providers = [`--bootstrap=${ours}:${before}`, `--control-plane=${ours}:${before}`, '--infrastructure=lab']
    const started = performance.now()
    await ctl(['init', '--core=cluster-api', ...providers, '--wait-providers'])
    console.log(`clusterctl init --wait-providers: ${seconds(started)}`)
    await expect.poll(readyImages).toEqual(ofVersion(before))
  })

  test('clusterctl prints the components of a provider for another namespace', async () => {
    const printed = await ctl([
      'generate',
      'provider',
      `--control-plane=${ours}:${now}`,
      '--target-namespace=elsewhere',
    ])
    expect(printed).toContain('--feature-gates=CloudInitVars=false')
    expect(printed).not.toMatch(/namespace: k0smotron$/m)
  })

  test.each([
    ['', ['INFRASTRUCTURE', 'KUBERNETES_VERSION', 'WORKER_MACHINE_COUNT']],
    ['hosted-only', ['KUBERNETES_VERSION', 'SERVICE_TYPE']],
    ['topology', ['KUBERNETES_VERSION', 'WORKER_MACHINE_COUNT']],
  ])('clusterctl generates a cluster of the flavour "%s", which the API server takes', async (flavor, variables) => {
    const args = ['generate', 'cluster', 'dry', '--infrastructure=lab', ...(flavor ? [`--flavor=${flavor}`] : [])]
    const listed = await ctl([...args, '--list-variables'])
    for (const variable of variables) expect(listed).toContain(variable)
    const manifests = await ctl([...args, '--target-namespace', cluster.namespace], { ...variablesFor(stage, 'dry') })
    const taken = await stage.kubectl(['apply', '--dry-run=server', '-f', '-'], manifests)
    expect(taken).toContain('cluster.cluster.x-k8s.io/dry created (server dry run)')
  })

  const noSecond = k0s.kind === 'real' ? ' (the real k0s needs an archive of a second release)' : ''
  describe.skipIf(noSecond)(`a Cluster of its ClusterClass${noSecond}`, () => {
    const older = 'v1.36.3+k0s.0'
    let ofClass: readonly string[]
    let settled: Settled

    test('has its control plane and a Ready node', async () => {
      await makeNamespace(stage.kubectl, classed.namespace)
      const release = stage.releases[before] ?? ''
      ofClass = await applyTopology({ stage, clusterctl: ctl, release, cluster: classed, version: older })
      settled = await untilSettled(stage, classed)
      expect(settled).toMatchObject({ versions: allOf(older), nodes: settled.node })
    })

    test('is upgraded by its version: first the control plane, then its machine is replaced', async () => {
      const { version } = stage.k0s
      const earlier = settled.machine
      await upgradeTopology(stage, classed, version)
      settled = await untilSettled(stage, classed)
      expect(settled).toMatchObject({ versions: allOf(version), nodes: settled.node })
      expect(settled.machine).not.toBe(earlier)
      expect(settled.made.machine).toBeGreaterThanOrEqual(settled.made.pod)
    })

    test('is deleted, and leaves its class and its volume', async () => {
      await deleteCluster(stage, classed)
      const left = [...ofClass, 'persistentvolumeclaim/etcd-data-kmc-classed-etcd-0'].sort()
      await expect.poll(async () => (await contentOf(stage.kubectl, classed.namespace)).toSorted()).toEqual(left)
    })
  })

  test('a cluster of the template answers, and a machine of it becomes a Ready node', async () => {
    const { namespace } = cluster
    const variables = { ...variablesFor(stage, cluster.name, namespace) }
    const args = ['generate', 'cluster', cluster.name, '--infrastructure=lab', '--target-namespace', namespace]
    await stage.kubectl(['apply', '-f', '-'], await ctl(args, variables))
    const workload = await untilAnswering(stage, cluster)
    expect(await untilJoined(stage, workload, { cluster, count: 1 })).toHaveLength(1)
    const described = await ctl(['describe', 'cluster', cluster.name, '--namespace', namespace])
    expect(described).toMatch(/K0smotronControlPlane\/first\s/)
  })

  test('nine more control planes become available beside it', async () => {
    const { kubectl, client } = stage
    const { namespace, names } = others
    const args = ['generate', 'cluster', 'stem', '--infrastructure=lab', '--flavor=hosted-only']
    const one = await ctl([...args, '--target-namespace', namespace], { ...variablesFor(stage, 'stem', namespace) })
    await makeNamespace(kubectl, namespace)
    const started = performance.now()
    const all = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'K0smotronControlPlane', namespace }
    for (let count = together; count <= names.length; count += together) {
      const more = names.slice(count - together, count).map(each => one.replaceAll('stem', each))
      await kubectl(['apply', '-f', '-'], more.join('\n---\n'))
      const isSo = (them: readonly Seen[]): boolean => them.filter(each => is('Available', each)).length === count
      await client.untilAll({ ...all, patienceMs }, isSo)
      console.log(`${count} control planes → Available: ${seconds(started)}; ${memory()}`)
    }
  })

  test('clusterctl upgrades both providers, and nothing of ten control planes starts again or is written', async () => {
    const { kubectl, quiet, lab } = stage
    const managers = ['control-plane', 'bootstrap'].map(one => `system:serviceaccount:k0smotron:k0smotron-${one}`)
    await quiet([...managers, 'system:serviceaccount:capi-system:capi-manager'])
    const earlier = await storedIn(kubectl, namespaces)
    expect([...earlier.keys()].filter(one => one.includes(' K0smotronControlPlane '))).toHaveLength(
      1 + others.names.length,
    )
    const mark = await lab.env.auditLog.mark()
    expect(await ctl(['upgrade', 'plan'])).toMatch(new RegExp(`bootstrap-${ours}.*${before}.*${now}`))
    await ctl(['upgrade', 'apply', '--contract=v1beta2', '--wait-providers'])
    await expect.poll(readyImages).toEqual(ofVersion(now))
    for (const namespace of namespaces) await untilPatchSeen(stage, namespace)
    await quiet(managers)
    expect(await storedIn(kubectl, namespaces)).toEqual(patchedOnce(earlier))
    expect(writesIn(await lab.env.auditLog.since(mark), { by: managers, namespaces })).toEqual([])
  })

  test('without its providers clusters stay, also those being deleted, and install.yaml takes them over', async () => {
    const { kubectl, releases } = stage
    await kubectl(['delete', 'clusters.cluster.x-k8s.io', '--all', `--namespace=${others.namespace}`, '--wait=false'])
    await ctl(['delete', `--bootstrap=${ours}`, `--control-plane=${ours}`])
    await expect.poll(readyImages).toEqual({})

    const file = join(releases[now] ?? '', 'install.yaml')
    const started = performance.now()
    await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file])
    await kubectl(['rollout', 'status', 'deployment', '--namespace=k0smotron', `--timeout=${patienceMs / 1000}s`])
    console.log(`kubectl apply → controllers Ready: ${seconds(started)}`)
    await expect.poll(readyImages).toEqual(ofVersion(now))

    await deleteCluster(stage, cluster)
    await expect.poll(() => contentOf(kubectl, cluster.namespace)).toEqual([claimOf(cluster.name)])
    const claims = others.names.map(claimOf)
    await expect.poll(() => contentOf(kubectl, others.namespace), { timeout: patienceMs }).toEqual(claims)
    console.log(`${claims.length} control planes → deleted: ${seconds(started)}`)
  })
})

const claimOf = (of: string): string => `persistentvolumeclaim/etcd-data-kmc-${of}-etcd-0`

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

const memory = (): string =>
  `${[totalmem() - freemem(), totalmem()].map(bytes => (bytes / (1 << 30)).toFixed(1)).join(' of ')} GiB in use`
