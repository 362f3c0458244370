#!/usr/bin/env bash
# abidiff over the released headers and today's, by a plugin built with each: nothing but growth at the end of a struct.
# It has to see a change in the middle of one, or it proves nothing.
#   abidiff_test.sh CC SOURCE
set -euo pipefail
cc=$1 source=$2
work=$(mktemp -d /tmp/aisci-abidiff-XXXXXX)
trap 'rm -rf "$work"' EXIT
cat >"$work/suppress" <<'INI'
[suppress_type]
type_kind = struct
has_data_member_inserted_at = end
INI
build() { "$cc" -std=c11 -w -g -O1 -fPIC -shared -fvisibility=hidden -I "$1" "$source/tests/abi/frozen/v1/visits.c" -o "$2"; }
differ() { abidiff --suppressions "$work/suppress" "$work/then.so" "$1" >"$work/report" 2>&1; }

build "$source/tests/abi/frozen/v1/include" "$work/then.so"
build "$source/include" "$work/now.so"
differ "$work/now.so" || { cat "$work/report"; exit 1; }

# A member at the end is growth.
cp -r "$source/tests/abi/frozen/v1/include" "$work/grown"
sed -i 's|^  void (\*shutdown)(void);|&\n  void (*pause)(void);|' "$work/grown/aisci/abi/plugin.h"
build "$work/grown" "$work/grown.so"
differ "$work/grown.so" || { echo "growth at the end was refused"; cat "$work/report"; exit 1; }

# A member in the middle is a break.
cp -r "$source/tests/abi/frozen/v1/include" "$work/broken"
sed -i 's|^  const aisci_plugin_info_t\* info;|  void* inserted;\n&|' "$work/broken/aisci/abi/plugin.h"
build "$work/broken" "$work/broken.so"
if differ "$work/broken.so"; then echo "a member inserted in the middle was not seen"; exit 1; fi
grep -q inserted "$work/report"
