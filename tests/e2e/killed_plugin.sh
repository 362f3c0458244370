#!/usr/bin/env bash
# A study whose value function is a third party's, every component in a process of its own: the value function's process
# is killed in the middle, twice, and the study ends as if nothing had been.
#   killed_plugin.sh BUILD
set -euo pipefail
build=$1
work=$(mktemp -d /tmp/aisci-killed-XXXXXX)
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
"$build/bin/aisci" verify "$work/study" | tail -1
echo "killed $kills times; the study ended with exit code $code"
