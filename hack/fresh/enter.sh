#!/bin/sh
# Runs a command (arguments) in $FOLDER of the root file system $ROOT, on the kernel of this machine: devices, processes,
# cgroups and /run are its own, all else is the root's. $BINDS: a line `source target` for each file or folder to show.
# Runs in a mount namespace of its own (unshare --mount), so nothing is mounted for anybody else.
set -eu
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
for folder in dev proc sys run; do mount --rbind "/$folder" "$folder"; done
echo "$BINDS" | while read -r from to; do
  mount --bind "$from" ".$to"
  mount -o remount,bind,ro ".$to"
done
mkdir old-root
pivot_root . old-root
umount --lazy old-root
rmdir old-root
cd "$FOLDER"
unset ROOT FOLDER BINDS
exec "$@"
