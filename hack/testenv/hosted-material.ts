// What a control plane keeps in the management cluster, as the files that its pods would see — shell
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namesOf } from '@k0smotron-ts/api'
import { issue, type KeyPair } from './certificates.ts'
import { configOfRevision, filesOfRevision, type RevisionFiles, serverNames } from './hosted-plan.ts'
import type { Requests } from './requests.ts'

/** Where the objects are. */
export interface HostedKey {
  readonly namespace: string
  readonly cluster: string
}

/** Everything that pods would mount. */
export interface Material {
  readonly files: RevisionFiles
  readonly ca: KeyPair
  readonly tokens: KeyPair
  readonly frontProxy: KeyPair
  /** Absent when the configuration says another storage. */
  readonly etcd?: EtcdMaterial
}

export interface EtcdMaterial {
  /** Certificate of the authority; members never need its key. */
  readonly ca: string
  readonly client: KeyPair
  readonly server: KeyPair
  readonly peer: KeyPair
}

interface Keeper {
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: { readonly template?: unknown }
}

/** Reads what our controller made; throws which object is missing. */
export async function readMaterial(requests: Requests, key: HostedKey): Promise<Material> {
  const names = namesOf(key.cluster)
  const files = await readFiles(requests, key)
  const [ca, tokens, frontProxy] = await Promise.all([
    readPair(requests, key, names.ca),
    readPair(requests, key, names.serviceAccountKey),
    readPair(requests, key, names.frontProxyCA),
  ])
  const hasEtcd = files.config.spec?.storage?.type === 'etcd'
  return { files, ca, tokens, frontProxy, ...(hasEtcd && { etcd: await readEtcd(requests, key) }) }
}

async function readEtcd(requests: Requests, key: HostedKey): Promise<EtcdMaterial> {
  const names = namesOf(key.cluster)
  const [ca, client, server, peer] = await Promise.all([
    readPair(requests, key, names.etcdCA),
    readPair(requests, key, names.etcdClient),
    readPair(requests, key, names.etcdServer),
    readPair(requests, key, names.etcdPeer),
  ])
  return { ca: ca.cert, client, server, peer }
}

/** The pod template names the ConfigMap. */
async function readFiles(requests: Requests, { namespace, cluster }: HostedKey): Promise<RevisionFiles> {
  const { statefulSet } = namesOf(cluster)
  const set = await requests.get<Keeper>(`/apis/apps/v1/namespaces/${namespace}/statefulsets/${statefulSet}`)
  const config = configOfRevision(set.spec?.template)
  const { data = {} } = await requests.get<Keeper>(`/api/v1/namespaces/${namespace}/configmaps/${config}`)
  return filesOfRevision(data, set.spec?.template)
}

async function readPair(requests: Requests, key: HostedKey, name: string): Promise<KeyPair> {
  const { 'tls.crt': cert, 'tls.key': privateKey } = await readSecret(requests, key, name)
  if (!cert || !privateKey) throw new Error(`Secret ${key.namespace}/${name} has no tls.crt or no tls.key`)
  return { cert, key: privateKey }
}

async function readSecret(
  requests: Requests,
  { namespace }: HostedKey,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const { data } = await requests.get<Keeper>(`/api/v1/namespaces/${namespace}/secrets/${name}`)
  const decode = (value: string): string => Buffer.from(value, 'base64').toString()
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, decode(value)]))
}

/** Writes the files and issues the leaves that k0s issues at each start. */
export async function writeMaterial(dir: string, { files, ca, tokens, frontProxy, etcd }: Material): Promise<void> {
  const [server, kubelet, proxyClient] = await Promise.all([
    issue(ca, { commonName: 'kubernetes', organizations: ['kubernetes'], addresses: serverNames(files.config) }),
    issue(ca, { commonName: 'apiserver-kubelet-client', organizations: ['system:masters'] }),
    issue(frontProxy, { commonName: 'front-proxy-client' }),
  ])
  const pairs: Readonly<Record<string, KeyPair>> = {
    server,
    'kubelet-client': kubelet,
    'front-proxy-client': proxyClient,
    ...(etcd && { 'etcd-client': etcd.client, 'etcd-server': etcd.server, 'etcd-peer': etcd.peer }),
  }
  const texts: Readonly<Record<string, string>> = {
    'ca.crt': ca.cert,
    'front-proxy-ca.crt': frontProxy.cert,
    'sa.pub': tokens.cert,
    'sa.key': tokens.key,
    ...(etcd && { 'etcd-ca.crt': etcd.ca }),
    ...(files.authentication !== undefined && { 'authentication.yaml': files.authentication }),
    ...Object.fromEntries(
      Object.entries(pairs).flatMap(([name, { cert, key }]) => [
        [`${name}.crt`, cert],
        [`${name}.key`, key],
      ]),
    ),
  }
  await mkdir(dir, { recursive: true })
  await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(join(dir, name), text, { mode: 0o600 })))
}
