// Members of etcd as processes of this machine: one per ordinal, on ports and a certificate of their own — shell
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority, createWorkspace, freePort, issue, type Workspace } from '@k0smotron-ts/hack/testenv'
import { type BoundChild, binaries } from '@k0smotron-ts/hack/tools'
import { fixedCredentials, type Transport } from '@k0smotron-ts/runtime'
import { undiciTransport } from '@k0smotron-ts/runtime/shell'
import { dump } from 'js-yaml'
import { type MemberGateway, memberGateway } from '../../src/hosted/datastore/etcd/members/gateway.ts'
import { type Keys, keysThrough } from './keys.ts'

/** Where an ordinal is, whoever its member is. */
export interface Place extends Keys {
  readonly clientPort: number
  readonly peerURL: string
  readonly gateway: MemberGateway
}

export interface MemberMachine extends AsyncDisposable {
  readonly places: readonly Place[]
  /** Starts etcd on a volume, with a file; ends with it. */
  start(options: StartOptions): BoundChild
  /** A new volume; its old name is never given again. */
  newVolume(): Promise<string>
  loseVolume(volume: string): Promise<void>
}

export interface StartOptions {
  readonly ordinal: number
  readonly volume: string
  /** A folder in the volume; empty: its root. */
  readonly directory: string
  readonly state: 'new' | 'existing'
  /** Ordinals. */
  readonly initial: readonly number[]
}

/** The name that the certificate has; the address is dialled. */
const serverName = 'kmc-real-etcd.default.svc'

export async function memberMachine(count: number): Promise<MemberMachine> {
  const workspace = await createWorkspace()
  const { etcd: program } = await binaries(['etcd'])
  const keys = await certificates(workspace)
  const reached = await Promise.all(Array.from({ length: count }, () => reach(keys)))
  const places = reached.map(({ place }) => place)
  let volumes = 0
  let starts = 0
  return {
    places,
    start: options => {
      starts += 1
      const path = join(workspace.dir, `${starts}.yaml`)
      return startEtcd({ workspace, program, path, content: fileOf(workspace, places, options) })
    },
    newVolume: async () => {
      volumes += 1
      const volume = `volume-${volumes}`
      await mkdir(join(workspace.dir, volume), { mode: 0o700 })
      return volume
    },
    loseVolume: volume => rm(join(workspace.dir, volume), { recursive: true, force: true }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(reached.map(({ transport }) => transport.close()))
      await workspace.remove()
    },
  }
}

interface Certificates {
  readonly authority: string
  readonly client: { readonly cert: string; readonly key: string }
}

async function reach({
  authority,
  client,
}: Certificates): Promise<{ readonly place: Place; readonly transport: Transport }> {
  const [clientPort, peerPort] = [await freePort(), await freePort()]
  const transport = undiciTransport(
    {
      server: `https://127.0.0.1:${clientPort}`,
      ca: authority,
      serverName,
      credentials: fixedCredentials({ certificate: client }),
      userAgent: 'members/test',
    },
    // a process that is stopped accepts connections, and says nothing
    { onlyHttp1: true, connectMs: 1_000 },
  )
  const peerURL = `https://127.0.0.1:${peerPort}`
  return { transport, place: { clientPort, peerURL, gateway: memberGateway(transport), ...keysThrough(transport) } }
}

async function certificates({ dir }: Workspace): Promise<Certificates> {
  const authority = await createAuthority('etcd-ca')
  const [member, client] = await Promise.all([
    issue(authority, { commonName: 'etcd-server', addresses: [serverName, '127.0.0.1'] }),
    issue(authority, { commonName: 'k0smotron-operator' }),
  ])
  await Promise.all([
    writeFile(join(dir, 'ca.crt'), authority.cert),
    writeFile(join(dir, 'member.crt'), member.cert),
    writeFile(join(dir, 'member.key'), member.key, { mode: 0o600 }),
  ])
  return { client, authority: authority.cert }
}

function fileOf({ dir }: Workspace, places: readonly Place[], options: StartOptions): string {
  const { ordinal, volume, directory, state, initial } = options
  const place = places[ordinal]
  if (!place) throw new Error(`there is no ordinal ${ordinal}`)
  const tls = {
    'client-cert-auth': true,
    'trusted-ca-file': join(dir, 'ca.crt'),
    'cert-file': join(dir, 'member.crt'),
    'key-file': join(dir, 'member.key'),
  }
  const client = `https://127.0.0.1:${place.clientPort}`
  return dump({
    name: `member-${ordinal}`,
    'data-dir': join(dir, volume, directory),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': place.peerURL,
    'initial-advertise-peer-urls': place.peerURL,
    'initial-cluster': initial.map(one => `member-${one}=${places[one]?.peerURL}`).join(),
    'initial-cluster-state': state,
    'client-transport-security': tls,
    'peer-transport-security': tls,
    'log-level': 'error',
    'unsafe-no-fsync': true, // what it holds ends with the test
  })
}

interface EtcdStart {
  readonly workspace: Workspace
  readonly program: string
  readonly path: string
  readonly content: string
}

function startEtcd({ workspace, program, path, content }: EtcdStart): BoundChild {
  writeFileSync(path, content)
  const output = openSync(`${path}.log`, 'a')
  try {
    return workspace.spawn(program, [`--config-file=${path}`], { output })
  } finally {
    closeSync(output)
  }
}
