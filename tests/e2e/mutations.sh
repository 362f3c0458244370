#!/usr/bin/env bash
# A small real study, and random mutations of it that `aisci verify` must find (mutations.py).
#   bash tests/e2e/mutations.sh build/release [COUNT]
set -euo pipefail
build=$(cd "${1:?usage: mutations.sh BUILD_FOLDER [COUNT]}" && pwd)
work=$(mktemp -d /tmp/aisci-mutations-XXXXXX)
trap 'rm -rf "$work"' EXIT
"$build/bin/aisci" run "How does the choice of activation function affect Vision Transformers on small datasets?" -o "$work/study" \
  --max-experiments 2 --keep 2 --confirm 0.34 --seed 7 --quiet || [ $? -eq 6 ]
/usr/bin/python3 "$(dirname "$0")/mutations.py" "$build/bin/aisci" "$work/study" --count "${2:-100}"
