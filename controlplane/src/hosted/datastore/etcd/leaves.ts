// What etcd's certificates say — core
import type { Leaf, Observed } from '../../observed.ts'
import type { LeafContent } from '../../pki/certificate-plan.ts'

/** etcd's JSON gateway is a client of its own server, so server and peer leaves are used both ways. */
export function leafContent(observed: Observed, leaf: Leaf): LeafContent {
  const service = observed.names.etcd
  const inNamespace = `${service}.${observed.owner.namespace}.svc`
  const names = [service, inNamespace, `${inNamespace}.cluster.local`]
  const members = [...names, ...names.map(name => `*.${name}`), 'localhost', '127.0.0.1', '::1']
  return {
    etcdClient: { commonName: 'apiserver-etcd-client', sans: [] },
    etcdServer: { commonName: 'etcd-server', sans: members },
    etcdPeer: { commonName: 'etcd-peer', sans: members },
  }[leaf]
}
