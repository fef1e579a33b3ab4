// The real `clusterctl move` between two management clusters, by the commands of docs/moving.md, there and back — shell
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  blockMoveAnnotation,
  clusters,
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  type Machine,
  machines,
  namesOf,
  prepareMoveAnnotation,
  type ResourceType,
} from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import { spawn } from '@k0smotron-ts/hack/programs'
import { clientOf, type HostedControlPlane, type Management } from '@k0smotron-ts/hack/testenv'
import { binaries } from '@k0smotron-ts/hack/tools'
import {
  conditionIn,
  configMaps,
  networkPolicies,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { machineDeployments, machineSets, version } from '../../harness/objects.ts'
import {
  labCluster,
  labMachine,
  labMachineTemplate,
  labProvider,
  statusOnlyMachines,
} from '../../lab-provider/index.ts'
import { startInitialized } from './initialized.ts'
import { follow, readersEnv } from './page-commands.ts'
import { beginPath, type Path, registerNode } from './path.ts'
import { by, listed } from './world.ts'

const name = 'mover'
const key = { namespace: name, name }
const names = namesOf(name)
/** What clusterctl moves of itself, beside Secrets. */
const objects: readonly ResourceType[] = [
  [clusters, machines, machineSets, machineDeployments],
  [labCluster, labMachine, labMachineTemplate],
  [k0smotronControlPlane, k0sWorkerConfig, k0sWorkerConfigTemplate],
].flat()
const parts: readonly ResourceType[] = [services, statefulSets, configMaps, podDisruptionBudgets, networkPolicies]
/** Keys that clusterctl takes for parts of the Cluster, by their names. */
const authorities = [names.ca, names.serviceAccountKey, names.frontProxyCA, names.etcdCA]
const leaves = [names.etcdClient, names.etcdPeer, names.etcdServer]
const accounts = ['k0smotron-control-plane', 'k0smotron-bootstrap']

const opened = new AsyncDisposableStack()
let source: Management
let target: Management
let path: Path
let hosted: HostedControlPlane
let machine: Machine

async function startSide(): Promise<Management> {
  const world = opened.use(await startInitialized())
  await world.env.addNode('node-1')
  opened.use(await world.start(controlPlaneProvider, 'k0smotron-control-plane'))
  opened.use(await world.start(bootstrapProvider(), 'k0smotron-bootstrap'))
  opened.use(await world.start(labProvider({ machines: statusOnlyMachines }), 'lab-provider'))
  return world
}

beforeAll(async () => {
  source = await startSide()
})

beforeAll(async () => {
  target = await startSide()
})

beforeAll(async () => {
  path = opened.use(
    await beginPath(source, {
      name,
      controlPlane: {
        externalAddress: source.env.publishedAddress,
        service: { type: 'ClusterIP', apiPort: 30_471 },
        storage: { etcd: { autoDeletePVCs: true } },
      },
      infrastructure: { waitFor: 'ClusterEndpoint' },
    }),
  )
  hosted = await path.startHosted()
  await path.untilInitialized()
  machine = await path.untilMachine()
  await registerNode(source, hosted, machine)
  await source.quiet()
})

afterAll(() => opened.disposeAsync())

const run = (heading: string, world = source): Promise<string> =>
  follow({
    page: 'docs/moving.md',
    heading,
    instead: { 'my-cluster': name },
    env: { NAMESPACE: name, OTHER: target.env.kubeconfig },
    folder: join(world.env.dir, 'reader'),
    world,
  })

const there = async (world: Management, types: readonly ResourceType[]): Promise<readonly string[]> =>
  (await listed(world, name, types)).filter(one => one !== 'ConfigMap kube-root-ca.crt').toSorted()

async function all<T extends KubeObject>({ client }: Management, type: ResourceType<T>): Promise<readonly T[]> {
  return (await client.list(type, { namespace: name })).items
}

/** Of each Secret what tells whether its content is the same. */
async function keysIn(world: Management): Promise<Readonly<Record<string, string>>> {
  const digest = (data: object = {}): string => createHash('sha256').update(JSON.stringify(data)).digest('hex')
  return Object.fromEntries((await all(world, secrets)).map(({ metadata, data }) => [metadata.name, digest(data)]))
}

/** All that a user or a machine has of the objects; status, owners and marks aside. */
async function substance(world: Management): Promise<readonly unknown[]> {
  const lists = await Promise.all([...objects, secrets, ...parts].map(type => all(world, type)))
  return lists.flat().map(({ metadata, ...object }) => {
    const { status: _, spec, ...rest } = object as KubeObject & { readonly status?: object; readonly spec?: object }
    return { ...rest, spec: { ...spec, paused: undefined }, name: metadata.name, uid: metadata.uid }
  })
}

async function podsRunning(): Promise<readonly unknown[]> {
  return (await all(source, pods)).map(({ metadata }) => [metadata.name, metadata.uid])
}

/** A condition of the control plane as `status reason`. */
const until = (world: Management, type: string, said: string) =>
  world.until(k0smotronControlPlane, key, ({ status }) => {
    const found = conditionIn(status?.conditions, type)
    return `${found?.status} ${found?.reason}` === said
  })

/** What clusterctl says until it waits, and is then interrupted as with Ctrl-C. */
async function interruptedMove(): Promise<string> {
  const { clusterctl } = await binaries(['clusterctl'])
  const env = await readersEnv(source.env.dir)
  const args = [
    'move',
    '--namespace',
    name,
    '--kubeconfig',
    source.env.kubeconfig,
    '--to-kubeconfig',
    target.env.kubeconfig,
  ]
  const child = spawn(clusterctl, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  let said = ''
  for await (const chunk of child.stderr) {
    said += String(chunk)
    if (said.includes('waiting for it to be removed')) child.kill('SIGINT')
  }
  await closed
  return said
}

it('is blocked from the first data on: nothing is copied or deleted, and what stays paused goes on by the page', async () => {
  const before = await substance(source)
  expect(await interruptedMove()).toContain(`Move blocked by ${blockMoveAnnotation} annotation`)
  await until(source, 'Paused', 'True Paused')
  expect(await substance(source)).toEqual(before)
  expect(await there(target, [...objects, secrets])).toEqual([])

  await run('After a move that was blocked or failed')
  const object = await until(source, 'Paused', 'False NotPaused')
  expect(object.metadata.annotations?.[blockMoveAnnotation]).toBe('true')
  await source.quiet()
  expect(await substance(source)).toEqual(before)
})

it('moves what is prepared: objects and keys are there with the same content, nothing is made anew, the pods run on here', async () => {
  const before = {
    objects: await there(source, objects),
    parts: await there(source, parts),
    keys: await keysIn(source),
  }
  const running = await podsRunning()
  const [config] = await all(source, k0sWorkerConfig)
  const mark = await target.env.auditLog.mark()
  await run('Preparing')
  await run('Moving')

  const isKnown = await until(target, 'Movable', 'True PreparedForMove')
  expect(isKnown.status).toMatchObject({ initialization: { controlPlaneInitialized: true }, version })
  const found = await target.until(
    machines,
    { namespace: name, name: machine.metadata.name ?? '' },
    ({ status }) => status?.nodeRef !== undefined,
  )
  await Promise.all([source.quiet(), target.quiet()])
  expect(found.spec).toEqual(machine.spec)
  expect(await there(target, objects)).toEqual(before.objects)
  expect(await there(target, parts)).toEqual([])
  const moved = await keysIn(target)
  expect(before.keys).toMatchObject(moved)
  expect(Object.keys(moved)).toEqual(expect.arrayContaining([names.kubeconfig, ...authorities]))
  const [movedConfig] = await all(target, k0sWorkerConfig)
  expect(movedConfig?.status).toMatchObject({ initialization: config?.status?.initialization })
  expect(movedConfig?.status?.dataSecretName).toBe(config?.status?.dataSecretName)
  const created = (await target.env.auditLog.since(mark)).filter(
    entry => entry.verb === 'create' && accounts.some(account => by(account)(entry)),
  )
  expect(created.filter(({ resource }) => resource === 'secrets')).toEqual([])

  expect(await there(source, objects)).toEqual([])
  expect(await there(source, parts)).toEqual(before.parts)
  const here = await keysIn(source)
  expect(before.keys).toMatchObject(here)
  expect(Object.keys(here).toSorted()).toEqual([...authorities, ...leaves].toSorted())
  expect(await podsRunning()).toEqual(running)
})

it('is worked with there: a new machine joins', async () => {
  const replicas = (count: number) => target.client.patchMerge(machineDeployments, key, { spec: { replicas: count } })
  await replicas(2)
  await target.until(machineDeployments, key, ({ status }) => status?.replicas === 2)
  const added = (await all(target, machines)).find(({ metadata }) => metadata.name !== machine.metadata.name)
  const subject = { namespace: name, name: added?.metadata.name ?? '' }
  const ready = await target.until(machines, subject, ({ spec }) =>
    Boolean(spec.bootstrap?.dataSecretName && spec.providerID),
  )
  await registerNode(target, hosted, ready)
  await target.quiet()
})

it('without the word of the user waits there for its volume, and makes no authorities', async () => {
  const before = await keysIn(target)
  await target.client.patchMerge(k0smotronControlPlane, key, {
    metadata: { annotations: { [prepareMoveAnnotation]: null } },
  })
  await until(target, 'DatastoreAvailable', 'False DatastoreLost')
  await target.quiet()
  expect(await keysIn(target)).toMatchObject(before)
  expect(await there(target, [statefulSets])).toEqual([])
  const object = await target.client.get(k0smotronControlPlane, key)
  expect(object?.metadata.annotations).not.toHaveProperty([blockMoveAnnotation])
  await run('Preparing', target)
})

it('comes back: the parts get their new owner, no pod is replaced, and a move is blocked again', async () => {
  const before = { objects: await there(target, objects), parts: await there(source, parts) }
  // certificates of etcd that were made there do not come along
  const keys = { ...(await keysIn(target)), ...(await keysIn(source)) }
  const running = await podsRunning()
  await run('Going back')
  await until(source, 'Movable', 'False PodsAndVolumesStay')
  await source.quiet()
  const object = await source.client.get(k0smotronControlPlane, key)
  expect(object?.metadata.annotations?.[blockMoveAnnotation]).toBe('true')
  expect(await there(target, objects)).toEqual([])
  expect(await there(source, objects)).toEqual(before.objects)
  expect(await there(source, parts)).toEqual(before.parts)
  expect(await keysIn(source)).toEqual(keys)
  expect(await podsRunning()).toEqual(running)
  const owned = (await Promise.all([secrets, ...parts].map(type => all(source, type)))).flat()
  const ownerless = owned.filter(({ metadata }) => !metadata.ownerReferences && metadata.name !== 'kube-root-ca.crt')
  expect(ownerless.map(({ metadata }) => metadata.name)).toEqual([])
})

it('leaves there what was made while the control plane waited, and the page takes it away', async () => {
  expect(await there(target, [secrets])).toEqual(leaves.map(leaf => `Secret ${leaf}`).toSorted())
  await run('What stays behind', target)
  expect(await there(target, [secrets, ...parts])).toEqual([])
})

it('has left no bootstrap token: both machines have a node', async () => {
  await using workload = clientOf(hosted.connection)
  const { items } = await workload.list(secrets, { namespace: 'kube-system' })
  expect(items.filter(({ type }) => type === 'bootstrap.kubernetes.io/token')).toEqual([])
})
