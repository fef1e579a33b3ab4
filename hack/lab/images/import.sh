#!/bin/sh
# Imports image archives (arguments) into an empty containerd folder ($STORE), with the containerd of the machine root ($ROOT).
# Runs in mount and pid namespaces of its own, so that neither mounts nor containerd outlive it.
set -eu
mount -t tmpfs tmpfs "$SCRATCH"
cd "$SCRATCH"
mkdir upper work root
mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=upper,workdir=work" root
mkdir -p root/var/lib/containerd
mount --bind "$STORE" root/var/lib/containerd
mount --rbind /dev root/dev
mount -t proc proc root/proc
printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >root/config.toml
chroot root containerd --config /config.toml --log-level error &
daemon=$!
until chroot root ctr version >/dev/null 2>&1; do
  kill -0 "$daemon"
  sleep 0.05
done
for archive; do chroot root ctr --namespace k8s.io images import - <"$archive"; done
kill "$daemon"
wait "$daemon" || true
