#!/usr/bin/env bash
# A study whose value function is a third party's, every component in a process of its own: the value function's process
# is killed in the middle, twice unless the study ends before, and the study ends as if nothing had been.
#   killed_plugin.sh BUILD
set -euo pipefail
build=$1
work=$(mktemp -d /tmp/aisci-killed-XXXXXX)
export XDG_STATE_HOME=$work/state
trap 'rm -rf "$work"' EXIT
"$build/bin/aisci" run "Does dropout help a small CNN on few images?" -o "$work/study" --max-experiments 3 --hypotheses 2 \
  --keep 2 --seed 7 --plugins "$build/plugins/brevity" --value-function brevity --isolation process \
  >"$work/out" 2>"$work/err" &
study=$!

# The child of the study that has brevity.so mapped.
find_host() {
  for child in $(pgrep -P "$study" || true); do
    if grep -q '/brevity\.so$' "/proc/$child/maps" 2>/dev/null; then echo "$child"; return; fi
  done
}
kills=0
while kill -0 "$study" 2>/dev/null; do
  sleep 1
  [ $kills -ge 2 ] && continue
  host=$(find_host)
  if [ -n "$host" ]; then kill -9 "$host" && kills=$((kills + 1)); fi
done
code=0; wait "$study" || code=$?
[ "$code" = 0 ] || [ "$code" = 6 ] || { cat "$work/err"; echo "the study ended with exit code $code"; exit 1; }
[ $kills -ge 1 ] || { echo "nothing was killed"; exit 1; }
"$build/bin/aisci" verify "$work/study" --plugins "$build/plugins/brevity" | tail -1
# A stranger's study does not choose what is loaded.
refused=0; "$build/bin/aisci" verify "$work/study" >/dev/null 2>"$work/err" || refused=$?
{ [ "$refused" = 5 ] && grep -q -- "--plugins" "$work/err"; } || { cat "$work/err"; echo "verify loaded what the ledger names"; exit 1; }
# What the value function saw was the node's program: 4000 / (4000 + its bytes).
"$build/bin/aisci" show "$work/study" --json | /usr/bin/python3 -c '
import json, pathlib, sys
study = pathlib.Path(sys.argv[1])
scored = [node for node in json.load(sys.stdin)["nodes"] if node["score"] is not None]
for node in scored:
    files = sorted((study / "experiments" / node["id"] / "code").iterdir())
    size = sum(len(f.name) + 3 + f.stat().st_size for f in files if f.name != "aisci_experiment.py")
    assert abs(node["score"] - 4000 / (4000 + size)) < 1e-12, (node["score"], size)
assert scored' "$work/study"
echo "killed $kills times; the study ended with exit code $code"
