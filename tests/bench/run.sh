#!/usr/bin/env bash
# Builds the benchmarks in the release preset and prints what each measures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target aisci_programs study_overhead calibration start_up sandbox_cost plugin_call aisci_python
for program in start_up plugin_call study_overhead sandbox_cost calibration; do
  echo "== $program"
  "build/release/tests/bench/$program"
done
echo "== python_search"
PYTHONPATH=build/release/python "$(bash setup.sh --python)" tests/bench/python_search.py
