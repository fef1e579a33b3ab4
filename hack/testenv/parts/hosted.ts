// The workload API of a control plane whose pods do not run: an API server with its keys, at its address — shell
//
// Not k0s: what k0s does with its configuration is the business of the stand-in (e2e/k0s-stand-in). Here an API server
// answers where the control plane says, for whom its authority signed, which is all that the managers see of it.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { type Client, configMaps, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import { binaries } from '../../tools/binaries.ts'
import type { KeyPair } from '../access/certificates.ts'
import { clientOf } from '../access/client.ts'
import type { Connection } from '../access/connection.ts'
import { ownUserAgent } from '../audit/audit-log.ts'
import type { TestEnv } from '../test-env.ts'
import { startComponent } from '../workspace/component.ts'
import { loopback } from '../workspace/site.ts'
import { apiServerArguments, pathsIn } from './arguments.ts'
import { connectAs, untilServing, writeFiles, writeKubeconfig } from './control-plane.ts'

export interface HostedOptions {
  readonly env: TestEnv
  readonly namespace: string
  readonly cluster: string
}

/** It ends with its environment at the latest. What it stored outlives `stop`. */
export interface HostedControlPlane extends AsyncDisposable {
  /** As a member of system:masters, with a certificate from the cluster's authority. */
  readonly connection: Connection
  /** Path of a kubeconfig with this connection. */
  readonly kubeconfig: string
  stop(): Promise<void>
}

/**
 * Starts kube-apiserver from the Secrets and the configuration that our controller made, on the address that it
 * publishes. It keeps its objects in the environment's etcd, under a prefix of its own. Resolves when it is ready.
 */
export async function startHostedControlPlane({ env, namespace, cluster }: HostedOptions): Promise<HostedControlPlane> {
  const name = `hosted-${namespace}-${cluster}`
  const dir = join(env.dir, name)
  const { authority, tokens, files } = await readMaterial(env, { namespace, name: cluster })
  const { host, port } = addressOf(files)
  const issuerArguments = issuerArgumentsOf(files)
  const paths = { ...pathsIn(dir), etcdSocket: pathsIn(env.dir).etcdSocket }
  await mkdir(dir, { recursive: true })
  await writeFiles(paths, { authority, tokens, addresses: ['localhost', host, loopback.apiService] })
  const args = [
    ...apiServerArguments(paths, { site: { ...loopback, address: host }, port, audit: false, issuerArguments }),
    `--etcd-prefix=/${name}`,
    '--enable-bootstrap-token-auth',
    await authenticationArgument(dir, files),
  ]
  const { 'kube-apiserver': path } = await binaries(['kube-apiserver'])
  const component = startComponent(env.workspace, { name: `${name}-kube-apiserver`, path, args })
  const stop = (): Promise<void> => component.child.kill()
  try {
    const subject = { commonName: 'kubernetes-admin', organizations: ['system:masters'] }
    const connection = await connectAs({ server: `https://${host}:${port}`, authority }, subject)
    await using client = clientOf(connection, ownUserAgent)
    await untilServing(component, client)
    const kubeconfig = await writeKubeconfig(env.workspace, name, connection)
    return { connection, kubeconfig, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Files = Readonly<Record<string, string>>

interface Material {
  readonly authority: KeyPair
  readonly tokens: KeyPair
  /** Of the ConfigMap or Secret that the pod template names. */
  readonly files: Files
}

/** Throws which object is missing. */
async function readMaterial({ connection }: TestEnv, { namespace = '', name }: ObjectKey): Promise<Material> {
  await using client = clientOf(connection, ownUserAgent)
  const names = namesOf(name)
  const set = await client.get(statefulSets, { namespace, name: names.statefulSet })
  const volume = set?.spec?.template.spec?.volumes?.find(one => one.name === 'config')
  if (!volume?.configMap && !volume?.secret) {
    throw new Error(`StatefulSet ${namespace}/${names.statefulSet} names no configuration`)
  }
  const [authority, tokens, files] = await Promise.all([
    readPair(client, { namespace, name: names.ca }),
    readPair(client, { namespace, name: names.serviceAccountKey }),
    readFiles(client, namespace, volume),
  ])
  return { authority, tokens, files }
}

type Source = { readonly configMap?: { readonly name?: string }; readonly secret?: { readonly secretName?: string } }

async function readFiles(client: Client, namespace: string, { configMap, secret }: Source): Promise<Files> {
  if (configMap) return (await client.get(configMaps, { namespace, name: configMap.name ?? '' }))?.data ?? {}
  const { data = {} } = (await client.get(secrets, { namespace, name: secret?.secretName ?? '' })) ?? {}
  return Object.fromEntries(Object.entries(data).map(([file, value]) => [file, decoded(value)]))
}

const decoded = (value: string): string => Buffer.from(value, 'base64').toString()

async function readPair(client: Client, key: ObjectKey): Promise<KeyPair> {
  const { data } = (await client.get(secrets, key)) ?? {}
  const { 'tls.crt': cert, 'tls.key': privateKey } = data ?? {}
  if (!cert || !privateKey) throw new Error(`Secret ${key.namespace}/${key.name} has no tls.crt or no tls.key`)
  return { cert: decoded(cert), key: decoded(privateKey) }
}

interface ApiSection {
  readonly port?: number
  readonly externalAddress?: string
  readonly extraArgs?: Files
  readonly rawArgs?: readonly string[]
}

function apiSectionOf({ 'k0s.yaml': text = '' }: Files): ApiSection {
  const { spec } = load(text) as { readonly spec?: { readonly api?: ApiSection } }
  return spec?.api ?? {}
}

const issuerOfK0s = {
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-jwks-uri': 'https://kubernetes.default.svc/openid/v1/jwks',
  'api-audiences': 'https://kubernetes.default.svc,system:konnectivity-server',
}

/** As k0s does: its own flags, those of the user in their place, and then what the user adds. Other flags are not its business. */
function issuerArgumentsOf(files: Files): readonly string[] {
  const { extraArgs = {}, rawArgs = [] } = apiSectionOf(files)
  const isOfIssuer = (name: string) => Object.keys(issuerOfK0s).includes(name)
  const own = Object.entries({ ...issuerOfK0s, ...extraArgs }).filter(([name]) => isOfIssuer(name))
  const added = rawArgs.filter(argument => isOfIssuer(argument.replace(/^--|=.*$/g, '')))
  return [...own.map(([name, value]) => `--${name}=${value}`), ...added]
}

/** A loopback address that is published; one of others stands for a way to this machine's. */
function addressOf(files: Files): { readonly host: string; readonly port: number } {
  const { port = 6443, externalAddress = '' } = apiSectionOf(files)
  const [host = ''] = externalAddress.split(':')
  return { host: host.startsWith('127.') ? host : loopback.address, port }
}

/** Who says nothing of himself is refused, unless the control plane's own file says what he may see. */
async function authenticationArgument(dir: string, { 'authentication.yaml': text }: Files): Promise<string> {
  if (text === undefined) return '--anonymous-auth=false'
  const path = join(dir, 'authentication.yaml')
  await writeFile(path, text)
  return `--authentication-config=${path}`
}
