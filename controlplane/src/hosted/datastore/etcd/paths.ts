// Where an etcd pod finds its files — core
export const etcdPaths = { config: '/etc/etcd', data: '/var/lib/k0s/etcd', pki: '/var/lib/k0s/pki/etcd' } as const
