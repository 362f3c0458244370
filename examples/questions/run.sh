#!/usr/bin/env bash
# Runs the questions of questions.tsv offline, one study after the other, and verifies each.
#   bash examples/questions/run.sh AISCI OUTPUT_FOLDER [NAME...]      all questions, or the named ones
# What AISCI_QUESTION_FLAGS holds is given to every study; "--max-experiments 3" makes them small.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
aisci=$(realpath "${1:?usage: run.sh AISCI OUTPUT_FOLDER [NAME...]}")
mkdir -p "${2:?usage: run.sh AISCI OUTPUT_FOLDER [NAME...]}"
output=$(cd "$2" && pwd)
shift 2
cd "$here" || exit 1
failed=0
while IFS='|' read -r name template flags question; do
  if [ $# -gt 0 ] && ! grep -qxF -- "$name" <<<"$(printf '%s\n' "$@")"; then continue; fi
  printf '%s: %s\n' "$name" "$question"
  # shellcheck disable=SC2086 # flags are words
  "$aisci" run "$question" -o "$output/$name" --seed 7 --quiet $flags ${AISCI_QUESTION_FLAGS:-} >"$output/$name.txt" 2>&1
  code=$?
  if [ $code != 0 ] && [ $code != 6 ]; then
    printf '  FAILED with exit code %s\n' "$code"; tail -5 "$output/$name.txt"; failed=$((failed + 1)); continue
  fi
  chosen=$("$aisci" show "$output/$name" --json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["study"]["template"])')
  if [ "$chosen" != "$template" ]; then
    printf '  FAILED: it was studied with the template %s, not %s\n' "$chosen" "$template"; failed=$((failed + 1)); continue
  fi
  if ! "$aisci" verify "$output/$name" >"$output/$name.verified.txt" 2>&1; then
    printf '  FAILED to verify\n'; grep -A2 PROBLEM "$output/$name.verified.txt"; failed=$((failed + 1)); continue
  fi
  sed -n '/^  c[0-9]/p' "$output/$name.txt"
done < <(tr '\t' '|' <questions.tsv)
[ $failed = 0 ] && echo "all hold" || { echo "$failed failed"; exit 1; }
