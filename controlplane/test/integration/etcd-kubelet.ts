// Pods of etcd as processes of this machine, with the files, Secrets and claims that Kubernetes has for them — shell
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeBase64, namesOf } from '@k0smotron-ts/api'
import { createWorkspace, follow, type Management, type Workspace } from '@k0smotron-ts/hack/testenv'
import { type BoundChild, binaries } from '@k0smotron-ts/hack/tools'
import { configMaps, type Pod, persistentVolumeClaims, pods, secrets } from '@k0smotron-ts/runtime'

export interface EtcdKubelet extends AsyncDisposable {
  /** Ends the process as a power cut would; it starts again by itself. */
  kill(ordinal: number): Promise<void>
  readonly addressOf: (ordinal: number) => string
}

interface Running {
  readonly uid: string
  readonly stop: AbortController
  child?: BoundChild
  readonly ended: Promise<void>
}

interface Site {
  readonly world: Management
  readonly namespace: string
  readonly cluster: string
  readonly workspace: Workspace
  readonly program: string
  /** What each process has in place of this machine's /etc/hosts. */
  readonly hosts: string
  readonly addressOf: EtcdKubelet['addressOf']
}

/** Of one control plane. Its pods have addresses of this machine, and names that they alone know. */
export async function etcdKubelet(world: Management, namespace: string, cluster: string): Promise<EtcdKubelet> {
  const workspace = await createWorkspace()
  const { etcd: program } = await binaries(['etcd'])
  const third = 1 + Math.floor(Math.random() * 250)
  const addressOf = (ordinal: number): string => `127.77.${third}.${10 + ordinal}`
  const hosts = join(workspace.dir, 'hosts')
  await writeFile(hosts, hostsOf(namespace, namesOf(cluster).etcd, addressOf))
  const site: Site = { world, namespace, cluster, workspace, program, hosts, addressOf }
  const running = new Map<number, Running>()
  const end = new AbortController()
  const following = followPods(site, running, end.signal)
  return {
    addressOf,
    kill: async ordinal => {
      await running.get(ordinal)?.child?.kill()
    },
    [Symbol.asyncDispose]: async () => {
      end.abort()
      await following
      for (const one of running.values()) one.stop.abort()
      await workspace.remove()
    },
  }
}

function hostsOf(namespace: string, set: string, addressOf: EtcdKubelet['addressOf']): string {
  const lines = [0, 1, 2, 3, 4].map(ordinal => `${addressOf(ordinal)} ${set}-${ordinal}.${set}.${namespace}.svc`)
  return ['127.0.0.1 localhost', ...lines, ''].join('\n')
}

/** Its first argument is the file; the others are what is run. */
const withHosts = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'

async function followPods(site: Site, running: Map<number, Running>, signal: AbortSignal): Promise<void> {
  const { namespace, cluster, world } = site
  const labelSelector = `cluster=${cluster},component=etcd`
  for await (const { objects } of follow(world.client, pods, { namespace, labelSelector, signal })) {
    const there = new Map(objects.map(pod => [ordinalOf(pod), pod]))
    for (const [ordinal, { uid, stop, ended }] of running) {
      if (there.get(ordinal)?.metadata.uid === uid) continue
      running.delete(ordinal)
      stop.abort()
      await ended
    }
    for (const [ordinal, pod] of there) if (!running.has(ordinal)) running.set(ordinal, run(site, ordinal, pod))
  }
}

function ordinalOf({ metadata }: Pod): number {
  return Number(metadata.name?.split('-').at(-1))
}

/** Starts the process again whenever it ends, each time with the files as they are then. */
function run(site: Site, ordinal: number, pod: Pod): Running {
  const stop = new AbortController()
  const running: Running = { uid: pod.metadata.uid ?? '', stop, ended: keepUp() }
  async function keepUp(): Promise<void> {
    while (!stop.signal.aborted) {
      const child = isBroken(pod) ? undefined : await startOne(site, ordinal, pod)
      if (child) {
        running.child = child
        const stopped = () => void child.kill()
        stop.signal.addEventListener('abort', stopped, { once: true })
        if (stop.signal.aborted) stopped()
        const ready = reportReady(site, ordinal, pod, child)
        await child.gone
        await ready
      }
      await delay(100)
    }
  }
  return running
}

/** An image that nobody can pull. */
function isBroken({ spec }: Pod): boolean {
  return spec?.containers?.some(({ image }) => image?.endsWith(':broken')) ?? false
}

/** `undefined`: something that the pod mounts is not there yet. */
async function startOne(site: Site, ordinal: number, pod: Pod): Promise<BoundChild | undefined> {
  const { cluster, namespace, world, workspace, program } = site
  const names = namesOf(cluster)
  const claim = await world.client.get(persistentVolumeClaims, { namespace, name: `etcd-data-${pod.metadata.name}` })
  const config = await world.client.get(configMaps, { namespace, name: names.etcdConfig })
  const text = config?.data?.[`${pod.metadata.name}.yaml`]
  const folder = join(workspace.dir, `${ordinal}`)
  if (!claim || text === undefined || !(await placeCertificates(site, join(folder, 'pki')))) return undefined
  const data = join(workspace.dir, claim.metadata.uid ?? '')
  await mkdir(data, { recursive: true, mode: 0o700 })
  const path = join(folder, 'etcd.yaml')
  const local = text
    .replaceAll('0.0.0.0', site.addressOf(ordinal))
    .replaceAll('/var/lib/k0s/pki/etcd', join(folder, 'pki'))
    .replaceAll('/var/lib/k0s/etcd', data)
  writeFileSync(path, `${local}\nunsafe-no-fsync: true\nlog-level: warn\n`)
  const output = openSync(`${folder}.log`, 'a')
  const inOwnMounts = ['--mount', '--map-root-user', '--', 'sh', '-c', withHosts, 'sh', site.hosts]
  try {
    return workspace.spawn('unshare', [...inOwnMounts, program, `--config-file=${path}`], { output })
  } finally {
    closeSync(output)
  }
}

async function placeCertificates({ cluster, namespace, world }: Site, folder: string): Promise<boolean> {
  const { etcdCA, etcdServer, etcdPeer } = namesOf(cluster)
  await mkdir(folder, { recursive: true })
  for (const [name, file] of [
    [etcdCA, 'ca'],
    [etcdServer, 'server'],
    [etcdPeer, 'peer'],
  ] as const) {
    const secret = await world.client.get(secrets, { namespace, name })
    if (!secret) return false
    await writeFile(join(folder, `${file}.crt`), decodeBase64(secret.data?.['tls.crt']))
    if (file !== 'ca') await writeFile(join(folder, `${file}.key`), decodeBase64(secret.data?.['tls.key']))
  }
  return true
}

/** As probes of a kubelet: ready from its own answer on, until it ends. */
async function reportReady(site: Site, ordinal: number, pod: Pod, child: BoundChild): Promise<void> {
  let isGone = false
  void child.gone.then(() => {
    isGone = true
  })
  await tell(site, ordinal, pod, 'False')
  while (!isGone) {
    const answer = await fetch(`http://${site.addressOf(ordinal)}:2381/readyz`).catch(() => undefined)
    if (answer?.ok) break
    await delay(100)
  }
  if (!isGone) await tell(site, ordinal, pod, 'True')
  await child.gone
  await tell(site, ordinal, pod, 'False')
}

async function tell({ world, addressOf }: Site, ordinal: number, { metadata }: Pod, status: string): Promise<void> {
  const podIP = addressOf(ordinal)
  const conditions = [{ type: 'Ready', status }]
  const told = {
    metadata: { uid: metadata.uid },
    status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions },
  }
  const key = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' }
  await world.client.patchMerge(pods, key, told, { subresource: 'status' }).catch(() => undefined) // it may be gone
}
