// What a lab could leave on this host — shell

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Folders that kubelets, containerd, CNI plug-ins and nspawn use by default, and those of the lab. */
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

const sysctls = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops', 'net/ipv4/ip_forward']
const cgroups = ['k0smotron-ts', 'kubepods', 'k8s.io', 'payload', 'supervisor']

/** Everything of it that is there now, as comparable text. `marks` are texts that only this lab's processes have. */
export async function traces(marks: readonly string[]): Promise<readonly string[]> {
  const found = [namespaces(), interfaces(), mounts(), groups(), settings(), processes(marks)]
  return [...(await Promise.all(found)).flat(), ...folders.filter(existsSync)]
}

const namespaces = (): Promise<string[]> => readdir('/run/netns').catch(() => [])

async function interfaces(): Promise<string[]> {
  const addresses = await run('ip', ['-brief', 'address'])
  const routes = await run('ip', ['route', 'show', 'table', 'all'])
  return [...addresses.stdout.split('\n'), ...routes.stdout.split('\n')].map(line => line.trim())
}

async function mounts(): Promise<string[]> {
  const lines = (await readFile('/proc/self/mounts', 'utf8')).split('\n')
  return lines.filter(line => /k0smotron|netns|kubelet|containerd/.test(line))
}

async function groups(): Promise<string[]> {
  const hierarchies = await readdir('/sys/fs/cgroup')
  return hierarchies
    .flatMap(name => cgroups.map(group => join('/sys/fs/cgroup', name, group)))
    .concat(cgroups.map(group => join('/sys/fs/cgroup', group)))
    .filter(existsSync)
}

const settings = (): Promise<string[]> =>
  Promise.all(sysctls.map(async name => `${name} = ${(await readFile(`/proc/sys/${name}`, 'utf8')).trim()}`))

/**
 * A machine's processes are known by their cgroup, the others by their command line. One without a command line is a
 * zombie: it has ended, and process 1 of this host has yet to notice.
 */
async function processes(marks: readonly string[]): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const described = await Promise.all(
    pids.map(async pid => ({ command: await textOf(pid, 'cmdline'), group: await textOf(pid, 'cgroup') })),
  )
  return described
    .filter(({ command }) => command !== '')
    .map(({ command, group }) => `${command} ${group}`)
    .filter(text => marks.some(mark => text.includes(mark)))
}

const textOf = (pid: string, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'utf8').then(
    text => text.replaceAll('\0', ' '),
    () => '', // gone in the meantime
  )
