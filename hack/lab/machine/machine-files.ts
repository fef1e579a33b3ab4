// What every machine has on its disk before it is switched on — core
import type { PlacedFile } from './placed-file.ts'

// A machine has no disk to grow, no DHCP and no locale to build: left on, each of these ends in cloud-init's `errors`.
// User data may still set them; what it says wins.
const cloudConfig = `datasource_list: [NoCloud, None]
network: {config: disabled}
locale: C.UTF-8
growpart: {mode: "off"}
resize_rootfs: false
ssh_genkeytypes: []
`

// nspawn mounts the cgroup v1 controllers read-only, and its root is no shared mount; a kubelet needs both otherwise.
// It is the machine's own part: the user data under test comes from a product that knows nothing of nspawn.
const hardwareUnit = `[Unit]
Description=Make cgroups writable and mounts shared, as they are on a real machine
DefaultDependencies=no
Before=sysinit.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'while read -r _ folder type _; do \
  [ "$type" != cgroup ] || mount -o remount,bind,rw "$folder"; done </proc/self/mounts; mount --make-rshared /'
`

// On the disk, where the host reads it: what a machine said is still there after a power cut.
const journal = `[Journal]
Storage=persistent
SystemMaxUse=64M
RateLimitIntervalSec=0
`

const manager = `[Manager]
DefaultTimeoutStopSec=5s
ShowStatus=no
`

// CAP_SYS_RESOURCE is often missing from what a container or sandbox may have; without it, lowering the score is an error.
const noOomScore = `[Service]
OOMScoreAdjust=0
`

/** Units that only cost time; an empty unit file masks the unit. */
const masked = [
  'console-getty.service getty@.service e2scrub_reap.service systemd-pstore.service systemd-update-utmp.service',
  'apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer',
  'cloud-init-hotplugd.socket',
].flatMap(line => line.split(' '))

/** Name, name server and what makes an nspawn container behave like a machine. */
export function machineFiles(machine: {
  readonly name: string
  readonly id: string
  readonly nameServer: string
}): readonly PlacedFile[] {
  const { name, id, nameServer } = machine
  return [
    { path: 'etc/hostname', content: `${name}\n` },
    { path: 'etc/hosts', content: `127.0.0.1 localhost\n127.0.1.1 ${name}\n` },
    { path: 'etc/machine-id', content: `${id}\n` },
    { path: 'etc/resolv.conf', content: `nameserver ${nameServer}\n` },
    { path: 'etc/systemd/system/lab-hardware.service', content: hardwareUnit },
    { path: 'etc/systemd/system/sysinit.target.d/lab.conf', content: '[Unit]\nWants=lab-hardware.service\n' },
    { path: 'etc/systemd/system/containerd.service.d/lab.conf', content: noOomScore },
    { path: 'etc/systemd/system.conf.d/lab.conf', content: manager },
    { path: 'etc/systemd/journald.conf.d/lab.conf', content: journal },
    ...masked.map(unit => ({ path: `etc/systemd/system/${unit}`, content: '' })),
  ]
}

/** The bytes of `userData` reach cloud-init exactly as given. */
export function cloudInitFiles(name: string, userData: string | Uint8Array): readonly PlacedFile[] {
  const seed = 'var/lib/cloud/seed/nocloud'
  return [
    { path: 'etc/cloud/cloud.cfg.d/90_lab.cfg', content: cloudConfig },
    { path: `${seed}/meta-data`, content: `instance-id: ${name}\nlocal-hostname: ${name}\n` },
    { path: `${seed}/user-data`, content: userData, mode: 0o600 },
  ]
}
