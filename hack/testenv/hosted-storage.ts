// Where a hosted control plane without pods keeps its objects — shell

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { namesOf } from '@k0smotron-ts/api'
import { binaries } from '../tools/binaries.ts'
import { type Component, startComponent, untilReady } from './component.ts'
import type { Material } from './hosted-material.ts'
import { onFreePort } from './ports.ts'
import type { Workspace } from './workspace.ts'

export interface StorageOrder {
  /** What the log is named for. */
  readonly name: string
  /** The folder with the certificates; the data is kept in it too. */
  readonly dir: string
  readonly cluster: string
  readonly material: Material
}

/** A running store; `servers` is what kube-apiserver is told. */
export interface Storage {
  readonly component: Component
  readonly servers: string
}

/** One etcd member for storage etcd, kine for everything else, as k0s does. Resolves when it accepts connections. */
export function startStorage(workspace: Workspace, order: StorageOrder): Promise<Storage> {
  return order.material.etcd ? startMember(workspace, order) : startKine(workspace, order)
}

/** The only member, under the name and the peer address that it has as a pod. Its JSON gateway is on, as by default. */
async function startMember(workspace: Workspace, { name, dir, cluster }: StorageOrder): Promise<Storage> {
  const { etcd: path } = await binaries(['etcd'])
  const set = namesOf(cluster).etcd
  const peer = `https://${set}-0.${set}:2380`
  return onFreePort(async port => {
    const servers = `https://127.0.0.1:${port}`
    const args = [
      `--data-dir=${join(dir, 'etcd')}`,
      `--name=${set}-0`,
      '--unsafe-no-fsync',
      '--log-level=warn',
      `--listen-client-urls=${servers}`,
      `--advertise-client-urls=https://${set}-0.${set}:2379`,
      `--listen-peer-urls=unix://${join(dir, 'peer.sock')}`, // nobody calls it
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=${set}-0=${peer}`,
      '--client-cert-auth',
      `--trusted-ca-file=${join(dir, 'etcd-ca.crt')}`,
      `--cert-file=${join(dir, 'etcd-server.crt')}`,
      `--key-file=${join(dir, 'etcd-server.key')}`,
    ]
    const component = startComponent(workspace, { name: `${name}-etcd`, path, args })
    await untilReady(component, () => accepts({ host: '127.0.0.1', port }))
    return { component, servers }
  })
}

/** Those that k0s gives: writers wait for each other instead of failing. */
const sqliteSettings = '_journal=WAL&cache=shared&_busy_timeout=30000&_txlock=immediate'

async function startKine(workspace: Workspace, { name, dir, material }: StorageOrder): Promise<Storage> {
  const { kine: path } = await binaries(['kine'])
  const socket = join(dir, 'kine.sock')
  const { dataSource = 'sqlite://' } = material.files.config.spec?.storage?.kine ?? {}
  // k0s's own file is in the pod's data folder, whatever the configuration says about the rest.
  const endpoint = dataSource.startsWith('sqlite://')
    ? `sqlite://${join(dir, 'kine.db')}?${sqliteSettings}`
    : dataSource
  const args = [`--endpoint=${endpoint}`, `--listen-address=unix://${socket}`, '--metrics-bind-address=0']
  const component = startComponent(workspace, { name: `${name}-kine`, path, args })
  await untilReady(component, () => existsSync(socket))
  return { component, servers: `unix://${socket}` }
}

async function accepts(address: { readonly host: string; readonly port: number }): Promise<boolean> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
