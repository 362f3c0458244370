#!/usr/bin/env bash
# The whole search benchmark: our policies, treequest's, the table, the plot, the plain recipe and the knowing player. About ten minutes on one core.
#   bash tests/bench/search/run.sh [FOLDER]        where results go; build/release/search by default
# treequest is installed from PyPI into an environment of its own in that folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
out=${1:-build/release/search}
mkdir -p "$out"
cmake --preset release >/dev/null
cmake --build --preset release --target search_bench engine_bench connect_four
bench=build/release/tests/bench/search_bench
"$bench" --out "$out/ours.jsonl"
"$bench" --no-synthetic --policies adaptive --features --out "$out/features.jsonl"
"$bench" --no-synthetic --policies adaptive --screen 8 --out "$out/screening.jsonl"
"$bench" --no-synthetic --policies adaptive --workers 8 --out "$out/workers.jsonl"
if [ ! -x "$out/treequest/bin/python" ]; then
  /usr/bin/python3 -m venv "$out/treequest"
  "$out/treequest/bin/pip" install -q treequest==0.3.3
fi
OMP_NUM_THREADS=1 "$out/treequest/bin/python" tests/bench/search/play_treequest.py --out "$out/treequest.jsonl"
"$(bash setup.sh --python)" tests/bench/search/report.py "$out/ours.jsonl" "$out/treequest.jsonl" --plot docs/guide/search_regret.svg | tee "$out/report.md"
"$(bash setup.sh --python)" tests/bench/search/plain_recipe.py --repetitions 1000 --out "$out/recipe.jsonl"
"$(bash setup.sh --python)" tests/bench/search/report.py "$out/ours.jsonl" "$out/treequest.jsonl" "$out/recipe.jsonl" --policy plain_recipe --without adaptive |
  grep ratio | tee "$out/recipe.md"
"$(bash setup.sh --python)" tests/bench/search/knowing_player.py --repetitions 120 | tee "$out/knowing_player.txt"
build/release/tests/bench/engine_bench
build/release/bin/connect_four --bench 200000
