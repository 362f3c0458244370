#!/usr/bin/env bash
# A plugin exports one symbol and leaves none of aisci's open.
#   symbols_test.sh PLUGIN...
set -euo pipefail
for plugin in "$@"; do
  exported=$(nm -D --defined-only "$plugin" | awk '{print $3}')
  [ "$exported" = aisci_plugin_v1 ] || { echo "$plugin exports: $exported"; exit 1; }
  if nm -D --undefined-only "$plugin" | grep aisci; then echo "$plugin needs symbols of aisci"; exit 1; fi
done
