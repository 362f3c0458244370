#!/usr/bin/env bash
# Compares the layout that each program prints with the golden file. A difference breaks every plugin in the world:
# append members and add lines at the end of their struct; change no line.
#   layout_test.sh GOLDEN PROGRAM...
set -euo pipefail
golden=$1
shift
for program in "$@"; do
  diff -u "$golden" <("$program") || { echo "$program: another layout"; exit 1; }
done
