// A k0s stand-in that serves, for tests of the stand-in itself — shell
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labBusybox } from '@k0smotron-ts/hack/lab'
import { binaries } from '@k0smotron-ts/hack/tools'
import { dump } from 'js-yaml'
import { components } from '../binary.ts'
import { packImages } from '../image.ts'
import { address, type Chamber, type Running, until } from './chamber.ts'

export const apiPort = 17443

/** Paths of the programs that the tests run. */
export interface Programs {
  readonly etcd: string
  readonly kubectl: string
  k0s(version: string): string
}

export async function programs(versions: readonly string[]): Promise<Programs> {
  const { kubectl, ...found } = await binaries([...components, 'etcd', 'kubectl'])
  const { program: busybox } = await labBusybox()
  const packed = await packImages({ binaries: { ...found, busybox }, versions })
  return {
    etcd: found.etcd,
    kubectl,
    k0s(version) {
      const pack = packed.k0s[version]
      if (!pack) throw new Error(`${version} was not packed`)
      return pack.binary
    },
  }
}

/** A started controller and how to talk to it. */
export interface ControlPlane extends Running {
  /** kubectl as administrator. */
  kubectl(...args: readonly string[]): Promise<string>
  /** Status code of a GET without credentials. */
  anonymous(path: string): Promise<number>
}

export interface ControlPlaneOrder {
  readonly k0s: string
  readonly kubectl: string
  readonly spec: Readonly<Record<string, unknown>>
  readonly flags?: readonly string[]
}

export const pkiOf = (chamber: Chamber): string => join(chamber.folder, 'data/pki')

export function argumentsOf(chamber: Chamber, flags: readonly string[] = []): string[] {
  return [
    'controller',
    `--config=${join(chamber.folder, 'k0s.yaml')}`,
    `--data-dir=${join(chamber.folder, 'data')}`,
    ...flags,
  ]
}

export async function writeConfig(chamber: Chamber, spec: Readonly<Record<string, unknown>>): Promise<void> {
  const config = { apiVersion: 'k0s.k0sproject.io/v1beta1', kind: 'ClusterConfig', spec }
  await mkdir(join(chamber.folder, 'data'), { recursive: true })
  await writeFile(join(chamber.folder, 'k0s.yaml'), dump(config, { lineWidth: -1, noRefs: true }))
}

/** Starts a controller; does not wait for it. */
export async function startControlPlane(chamber: Chamber, order: ControlPlaneOrder): Promise<ControlPlane> {
  await writeConfig(chamber, order.spec)
  const running = await chamber.start('k0s', order.k0s, argumentsOf(chamber, order.flags))
  const url = `https://127.0.0.1:${apiPort}`
  return {
    ...running,
    kubectl: (...args) => chamber.run(order.kubectl, ['--kubeconfig', join(pkiOf(chamber), 'admin.conf'), ...args]),
    anonymous: async path =>
      Number(
        await chamber.run('curl', [
          '--insecure',
          '--silent',
          '--output',
          '/dev/null',
          '--write-out',
          '%{http_code}',
          url + path,
        ]),
      ),
  }
}

/** Waits for `/readyz` with the administrator's certificate and tells how long that took. */
export async function ready(plane: ControlPlane, since: number): Promise<string> {
  await until(async () => (await plane.kubectl('get', '--raw=/readyz')) === 'ok' || undefined)
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

/** An etcd with TLS from the certificates that a controller made for itself: they are good for both sides. */
export async function startEtcd(chamber: Chamber, etcd: string): Promise<Readonly<Record<string, unknown>>> {
  const pki = pkiOf(chamber)
  const url = 'https://localhost:23790'
  await chamber.start('etcd', etcd, [
    `--data-dir=${join(chamber.folder, 'etcd')}`,
    '--unsafe-no-fsync',
    '--client-cert-auth',
    '--log-level=warn',
    '--listen-client-urls=https://127.0.0.1:23790',
    `--advertise-client-urls=${url}`,
    '--listen-peer-urls=http://127.0.0.1:23800',
    `--cert-file=${pki}/server.crt`,
    `--key-file=${pki}/server.key`,
    `--trusted-ca-file=${pki}/ca.crt`,
  ])
  const files = { caFile: `${pki}/ca.crt`, clientCertFile: `${pki}/admin.crt`, clientKeyFile: `${pki}/admin.key` }
  return { type: 'etcd', etcd: { externalCluster: { endpoints: [url], etcdPrefix: 'test', ...files } } }
}

/** The spec that every test uses. */
export const baseSpec: Readonly<Record<'api' | 'konnectivity', Readonly<Record<string, unknown>>>> = {
  api: { port: apiPort, address, externalAddress: `${address}:31443` },
  konnectivity: { agentPort: 18132 },
}

/** Lets anyone ask for health, and for nothing else. */
export async function writeAuthenticationConfig(chamber: Chamber): Promise<string> {
  const file = join(chamber.folder, 'authentication.yaml')
  await writeFile(
    file,
    dump({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
    }),
  )
  return file
}

export const readPki = (chamber: Chamber, name: string): Promise<string> => readFile(join(pkiOf(chamber), name), 'utf8')
