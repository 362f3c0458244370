#!/usr/bin/env bash
# Sets up, builds a release and runs all fast tests, C++ and Python; prints the totals.
# Can be run as often as you like. Slow and nightly tests: ctest --preset release -L 'slow|nightly'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash setup.sh
cmake --preset release
cmake --build --preset release
status=0
ctest --preset release -j "$(nproc)" -E '^python_search$' || status=$?  # among all Python tests below
echo "Python tests"
"$(bash setup.sh --python)" tests/python/run.py || status=$?
exit $status
