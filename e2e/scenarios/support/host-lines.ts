// What this host has of all that labs make, a line each — shell
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from '@k0smotron-ts/hack/programs'
import { cacheFolder } from '@k0smotron-ts/hack/tools'

const run = promisify(execFile)
const cgroupRoot = '/sys/fs/cgroup'

/** Of the labs' own: each line names its lab, or the process that made it. */
export async function labLines(): Promise<readonly string[]> {
  const folders = ['/run/netns', tmpdir(), join(dirname(cacheFolder()), 'lab', 'run'), ...(await labGroups())]
  const found = [...folders.map(namesIn), mounts(), processes()]
  return (await Promise.all(found)).flat()
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).map(name => join(folder, name))
}

/** On cgroup v1 each controller has a tree of its own. */
async function hierarchies(): Promise<readonly string[]> {
  return [cgroupRoot, ...(await namesIn(cgroupRoot))]
}

async function labGroups(): Promise<readonly string[]> {
  return (await hierarchies()).map(folder => join(folder, 'k0smotron-ts'))
}

async function mounts(): Promise<readonly string[]> {
  return (await readFile('/proc/self/mounts', 'utf8')).split('\n')
}

/** A machine's processes are known by their cgroup, the others by their command line. */
async function processes(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const described = await Promise.all(
    pids.map(async pid => ({ command: await textOf(pid, 'cmdline'), group: await textOf(pid, 'cgroup') })),
  )
  // without a command line it is a zombie: it has ended, and process 1 of this host has yet to notice
  return described.filter(({ command }) => command !== '').map(({ command, group }) => `${command} ${group}`)
}

const textOf = (pid: string, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'utf8').then(
    text => text.replaceAll('\0', ' '),
    () => '', // gone in the meantime
  )

/** Devices and routes of labs; they are numbered, not named. */
export async function networkLines(): Promise<readonly string[]> {
  const addresses = await run('ip', ['-brief', 'address'])
  const routes = await run('ip', ['route', 'show', 'table', 'all'])
  const lines = [...addresses.stdout.split('\n'), ...routes.stdout.split('\n')].map(line => line.trim())
  return lines.filter(line => /\bk0smotron\d/.test(line))
}

/** What kubelets, containerd, CNI plug-ins and nspawn use by default, and what all labs use together. */
const folders = [
  '/var/log/containers',
  '/var/log/pods',
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/var/lib/cni',
  '/var/lib/lab-volumes',
  '/etc/cni',
  '/run/containerd',
  '/run/netns',
  '/run/k0smotron-ts-lab',
  '/run/systemd/nspawn',
  '/run/cloud-init',
]
const groups = ['k0smotron-ts', 'kubepods', 'k8s.io', 'payload', 'supervisor']
const sysctls = [
  'fs/inotify/max_user_instances',
  'vm/overcommit_memory',
  'kernel/panic',
  'kernel/panic_on_oops',
  'net/ipv4/ip_forward',
]
/** Of a node's network, if it were made in the host's. */
const devices = /^(br0|uplink|cni\d+|kube-\S+|m\d+)(@\S+)?\s/

/** The host's part: one cannot say which lab it was. */
export async function sharedLines(): Promise<readonly string[]> {
  const settings = sysctls.map(async name => `${name} = ${(await readFile(`/proc/sys/${name}`, 'utf8')).trim()}`)
  const possible = (await hierarchies()).flatMap(folder => groups.map(group => join(folder, group)))
  const links = (await run('ip', ['-brief', 'link'])).stdout.split('\n').filter(line => devices.test(line))
  const foreign = (await mounts()).filter(line => /netns |kubelet|containerd/.test(line))
  return [...(await Promise.all(settings)), ...[...folders, ...possible].filter(existsSync), ...links, ...foreign]
}
