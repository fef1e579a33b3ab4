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

/** The Secrets, the configuration and the StatefulSet, without pods, of a control plane in namespace default. */
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
    'k0s.yaml': dump(config),
    ...(authentication && { 'authentication.yaml': dump(authentication) }),
  }
  const configName = `kmc-${cluster}-config-3f2a`
  return [
    ...Object.entries(pairs).map(([name, pair]) => secret(name, pair)),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: configName, namespace: 'default' },
      immutable: true,
      data: files,
    },
    statefulSet(`kmc-${cluster}`, configName, Object.keys(files)),
  ]
}

/** Its template says which configuration is in use. */
function statefulSet(name: string, configName: string, keys: readonly string[]): object {
  const labels = { app: 'k0smotron', cluster: name }
  const items = keys.map(key => ({ key, path: key }))
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 0,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'controller', image: 'k0s' }],
          volumes: [{ name: 'config', configMap: { name: configName, items } }],
        },
      },
    },
  }
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
