#!/bin/sh
# Becomes the machine: enters its cgroups, mounts its disk over the shared root, boots it with systemd-nspawn.
# Runs in a mount namespace of its own (unshare --mount), so nothing is ever mounted in the host's.
# From the environment: MACHINE (name), FOLDER (its files), ROOT (read-only root), NETNS, CGROUPS. Arguments go to nspawn.
set -eu
for group in $CGROUPS; do echo $$ >"$group/cgroup.procs"; done
cd "$FOLDER"
mkdir -p upper work root
touch netns
mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=upper,workdir=work" root
mount --bind "/run/netns/$NETNS" netns
# nspawn keeps locks and sockets in /run/systemd: on this tmpfs they end with the machine, however it ends.
mount -t tmpfs tmpfs /run
# Else /proc/sys/net is read-only, and the machine could not set up a pod network.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec systemd-nspawn --quiet --directory=root --machine="$MACHINE" --keep-unit --register=no \
  --network-namespace-path="$FOLDER/netns" --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
  --capability=all --system-call-filter="@keyring bpf perf_event_open" --bind=/dev/kmsg "$@" --boot
