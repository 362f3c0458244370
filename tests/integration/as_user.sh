#!/usr/bin/env bash
# Runs a program as an ordinary user without groups and capabilities, in a folder of its own. A build that lies where only
# root can go (/root) is shown to it at the same path, in a mount namespace of its own. Started by an ordinary user it has
# nothing to add and says so (77: skipped).
#   as_user.sh BUILD PROGRAM [ARGUMENT...]
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
  echo "already an ordinary user: the plain test is this one"
  exit 77
fi
if [ "${1:-}" != --inside ]; then
  exec unshare --mount --propagation private -- bash "${BASH_SOURCE[0]}" --inside "$@"
fi
build=$2
shift 2
# The outermost folder above the build that others may not enter.
closed=
for ((at = 1; at <= ${#build}; ++at)); do
  part=${build:0:at}
  [ "$at" -lt ${#build} ] && [ "${build:at:1}" != / ] && continue
  if [ -d "$part" ] && [ $((0$(stat -c %a "$part") & 1)) = 0 ]; then closed=$part; break; fi
done
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
if [ -n "$closed" ]; then
  mkdir "$folder/build"
  mount --bind "$build" "$folder/build"
  mount -t tmpfs -o mode=0755 tmpfs "$closed"
  mkdir -p "$build"
  mount --move "$folder/build" "$build"
  rmdir "$folder/build"
fi
mkdir "$folder/home"
chown 65533:65533 "$folder/home"
chmod 0711 "$folder"
cd "$folder/home"
env -i PATH="$PATH" HOME="$folder/home" TMPDIR="$folder/home" LANG=C.UTF-8 \
  setpriv --reuid=65533 --regid=65533 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- "$@"
