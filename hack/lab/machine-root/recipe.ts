// What the root file system of every machine is made of — core
import { createHash } from 'node:crypto'

/** Everything that decides the root; two equal recipes share one cache entry. */
export interface Recipe {
  readonly suite: string
  readonly packages: readonly string[]
  readonly dpkgOptions: readonly string[]
  /** Services that their package enables and that only some machines start. */
  readonly disabled: readonly string[]
}

/** Only what must be installed: how a machine is set up is in files of its own, which cost no new build. */
export const machineRecipe: Recipe = {
  suite: 'bookworm',
  packages: [
    'systemd systemd-sysv dbus login procps kmod netbase ca-certificates openssl',
    'cloud-init curl iproute2 iputils-ping busybox-static',
    'containerd runc containernetworking-plugins',
    'iptables nftables ebtables ipset conntrack socat ethtool mount util-linux',
  ].flatMap(line => line.split(' ')),
  dpkgOptions: ['doc', 'man', 'locale', 'info'].map(folder => `path-exclude=/usr/share/${folder}/*`),
  disabled: ['containerd.service'],
}

/** Name of the cache entry. */
export const recipeKey = (recipe: Recipe): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
