// What our controller leaves in the management cluster for one control plane, written by hand from its documentation — shell
import { dump } from 'js-yaml'
import { createAuthority, createSigningKey, issue, type KeyPair } from '../../testenv/certificates.ts'

export interface HostedSettings {
  readonly cluster: string
  /** Where it is published. */
  readonly address: string
  readonly port: number
  readonly storage: object
  readonly authentication?: object
}

/** The Secrets and the ConfigMap of a control plane in namespace default. */
export async function hostedObjects({
  cluster,
  address,
  port,
  storage,
  authentication,
}: HostedSettings): Promise<readonly object[]> {
  const [ca, frontProxy, etcdCa, tokens] = await Promise.all([
    createAuthority('kubernetes'),
    createAuthority('kubernetes'),
    createAuthority('kubernetes'),
    createSigningKey(),
  ])
  const etcdLeaf = (commonName: string): Promise<KeyPair> =>
    issue(etcdCa, { commonName, addresses: ['127.0.0.1', 'localhost', `kmc-${cluster}-etcd`] })
  const pairs: Readonly<Record<string, KeyPair>> = {
    [`${cluster}-ca`]: ca,
    [`${cluster}-proxy`]: frontProxy,
    [`${cluster}-sa`]: tokens,
    [`${cluster}-etcd`]: etcdCa,
    [`${cluster}-apiserver-etcd-client`]: await etcdLeaf('apiserver-etcd-client'),
    [`${cluster}-etcd-server`]: await etcdLeaf('etcd-server'),
    [`${cluster}-etcd-peer`]: await etcdLeaf('etcd-peer'),
  }
  const config = {
    apiVersion: 'k0s.k0sproject.io/v1beta1',
    kind: 'ClusterConfig',
    spec: { api: { port, externalAddress: `${address}:${port}`, sans: [`kmc-${cluster}`] }, storage },
  }
  const files = {
    'k0s-3f2a.yaml': dump(config),
    ...(authentication && { 'authentication-3f2a.yaml': dump(authentication) }),
  }
  return [
    ...Object.entries(pairs).map(([name, pair]) => secret(name, pair)),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `kmc-${cluster}-config`, namespace: 'default' },
      data: files,
    },
  ]
}

function secret(name: string, { cert, key }: KeyPair): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name, namespace: 'default' },
    stringData: { 'tls.crt': cert, 'tls.key': key },
  }
}
