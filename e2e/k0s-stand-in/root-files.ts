// Small files of the stand-in's image, shaped like those of k0s's own — core

/** k0s's image has a user for each component, so k0s as root gives them their key files. */
const users = ['etcd', 'kube-apiserver', 'kube-scheduler', 'konnectivity-server']

export const passwd: string = [
  'root:x:0:0:root:/root:/bin/sh',
  ...users.map((name, index) => `${name}:x:${100 + index}:65533::/var/lib/k0s:/sbin/nologin`),
  '',
].join('\n')

export const group: string = ['root:x:0:root', 'nogroup:x:65533:', ''].join('\n')

/** Commands that init containers and people who look inside may use. */
export const busyboxLinks: readonly string[] = [
  'cat',
  'chmod',
  'chown',
  'cp',
  'env',
  'id',
  'ls',
  'mkdir',
  'mv',
  'ps',
  'rm',
  'sh',
  'sleep',
  'test',
  'true',
]

/** Like k0s's image, this one starts through a shell script; who wants no shell names `k0s` as the command. */
export const entrypoint = `#!/bin/sh
echo 'k0s stand-in (not k0s): the image starts' >&2
exec "$@"
`
