#!/usr/bin/env bash
# libaisci gives its own namespace to others and nothing of what it is made with.
#   library_symbols_test.sh LIBRARY
set -euo pipefail
exported=$(nm -D --defined-only "$1" | awk '$2 != "A" {print $3}')
others=$(grep -vE '^_Z(T[ISV])?NK?5aisci' <<<"$exported" || true)
[ -z "$others" ] || { echo "$1 exports:"; c++filt <<<"$others" | head; exit 1; }
internals=$(c++filt <<<"$exported" | grep -E 'aisci::(host|detail|json)::' || true)
[ -z "$internals" ] || { echo "$1 exports internals:"; head <<<"$internals"; exit 1; }
[ "$(wc -l <<<"$exported")" -ge 50 ] || { echo "$1 exports next to nothing"; exit 1; }
