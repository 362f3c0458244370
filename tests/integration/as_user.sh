#!/usr/bin/env bash
# Runs a program as an ordinary user without groups and capabilities, in a folder of its own. Started by an ordinary user
# it has nothing to add and says so (77: skipped).
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
  echo "already an ordinary user: the plain test is this one"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chown 65533:65533 "$folder"
cd "$folder"
env -i PATH="$PATH" HOME="$folder" TMPDIR="$folder" LANG=C.UTF-8 \
  setpriv --reuid=65533 --regid=65533 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- "$@"
