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

/** A machine on which somebody else runs PostgreSQL and MariaDB; neither starts by itself. */
export const databaseRecipe: Recipe = {
  ...machineRecipe,
  packages: 'systemd systemd-sysv dbus login procps iproute2 mount util-linux postgresql mariadb-server'.split(' '),
  disabled: ['postgresql.service', 'mariadb.service'],
}

/** Name of the cache entry. */
export const recipeKey = (recipe: Recipe): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
