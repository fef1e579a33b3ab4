// Switching a machine on and off — shell
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type BoundChild, spawnBound } from '../../tools/bound-child.ts'
import { createCgroup, destroyCgroup } from '../host/cgroups.ts'

export interface PowerSettings {
  readonly name: string
  /** The machine's files; the console's log goes there too. */
  readonly folder: string
  readonly root: string
  readonly namespace: string
  readonly cgroup: string
  readonly memory?: string
  /** Further arguments of systemd-nspawn. */
  readonly binds: readonly string[]
}

export interface Power {
  /** Throws with the machine off, so that it may be tried again. */
  on(): Promise<void>
  /** Nothing inside is told; resolves when everything inside is gone. */
  cut(): Promise<void>
  /** Tells the machine's systemd, and cuts the power after 20 s. */
  off(): Promise<void>
  /** The host's number of the machine's process 1, once systemctl reaches it; throws when the machine is off, or after a minute. */
  leader(): Promise<number>
}

const patience = { shutDown: 20_000, boot: 60_000 }
/** nspawn ends with this code when the machine wants to boot again. */
const rebootWanted = 133

/** A switch in the position "off". */
export function createPower(settings: PowerSettings): Power {
  const { name, folder, cgroup, memory } = settings
  let isOn = false // stays so while the machine reboots
  let child: BoundChild | undefined

  const boot = async (): Promise<void> => {
    const groups = await createCgroup(cgroup, memory === undefined ? {} : { memory })
    if (!isOn) return // switched off while it rebooted
    const started = await spawnMachine(settings, groups)
    child = started
    started.process.once('exit', code => {
      if (code === rebootWanted) boot().catch(() => (isOn = false))
      else isOn = false
    })
  }
  const cut = async (): Promise<void> => {
    isOn = false
    await destroyCgroup(cgroup)
    await child?.kill()
  }
  return {
    cut,
    async on() {
      if (isOn) throw new Error(`Machine ${name} is on already`)
      isOn = true
      await boot().catch(async error => {
        await cut() // of what was begun: its cgroups may be there
        throw error
      })
    },
    async off() {
      child?.process.kill('SIGTERM')
      await Promise.race([child?.gone, delay(patience.shutDown, undefined, { ref: false })])
      await cut()
    },
    async leader() {
      const deadline = Date.now() + patience.boot
      for (;;) {
        if (!isOn) throw new Error(`Machine ${name} is switched off${await lastWords(folder)}`)
        const pid = await leaderOf(child?.process.pid)
        if (pid !== undefined) return pid
        if (Date.now() > deadline) throw new Error(`Machine ${name} does not boot${await lastWords(folder)}`)
        await delay(20)
      }
    },
  }
}

const consoleOf = (folder: string): string => join(folder, 'console.log')

async function spawnMachine(settings: PowerSettings, groups: readonly string[]): Promise<BoundChild> {
  const { name, folder, root, namespace, binds } = settings
  const env = {
    PATH: process.env.PATH,
    MACHINE: name,
    FOLDER: folder,
    ROOT: root,
    NETNS: namespace,
    CGROUPS: groups.join(' '),
  }
  const log = await open(consoleOf(folder), 'a')
  const args = ['--mount', '--', 'sh', join(import.meta.dirname, 'power-on.sh'), ...binds]
  const child = spawnBound('unshare', args, { output: log.fd, env })
  await log.close()
  return child
}

// The console is silent unless something is wrong with the machine itself, not with what runs in it.
async function lastWords(folder: string): Promise<string> {
  const text = await readFile(consoleOf(folder), 'utf8').catch(() => '')
  return text.trim() === '' ? '' : `; its console says: ${text.trim().split('\n').slice(-5).join(' / ')}`
}

// nspawn's child that has become systemd, once systemctl can reach it: before, it ends with "Failed to connect to bus".
async function leaderOf(nspawn: number | undefined): Promise<number | undefined> {
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').catch(() => '')
  for (const child of children.split(' ').filter(Boolean)) {
    const command = await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '')
    if (command === 'systemd\n' && (await takesCommands(child))) return Number(child)
  }
  return undefined
}

async function takesCommands(systemd: string): Promise<boolean> {
  const sockets = await readFile(`/proc/${systemd}/net/unix`, 'utf8').catch(() => '')
  return sockets.split('\n').some(socket => {
    const [, , , flags, , , , path] = socket.split(/\s+/)
    return flags === listening && path === '/run/systemd/private'
  })
}

/** Among the flags of a socket in /proc/net/unix. */
const listening = '00010000'
