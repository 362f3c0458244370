#!/usr/bin/env bash
# Every example question as a small study: it must be answered with the template that the table names, and verify.
#   bash tests/e2e/questions.sh build/release
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?usage: questions.sh BUILD_FOLDER}" && pwd)
work=$(mktemp -d /tmp/aisci-questions-XXXXXX)
trap 'rm -rf "$work"' EXIT
export AISCI_QUESTION_FLAGS="--max-experiments 3 --confirm 0.34"
bash "$root/examples/questions/run.sh" "$build/bin/aisci" "$work"
