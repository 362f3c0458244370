#!/usr/bin/env bash
# Runs the questions of questions.tsv offline, one study after the other, and verifies each.
#   bash examples/questions/run.sh AISCI OUTPUT_FOLDER [NAME...]      all questions, or the named ones
# What AISCI_QUESTION_FLAGS holds is given to every study; "--max-experiments 3" makes them small. In the usual size a
# verdict that is not the expected one is a failure; under flags of one's own it is only told.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
aisci=$(realpath "${1:?usage: run.sh AISCI OUTPUT_FOLDER [NAME...]}")
mkdir -p "${2:?usage: run.sh AISCI OUTPUT_FOLDER [NAME...]}"
output=$(cd "$2" && pwd)
shift 2
cd "$here" || exit 1
failed=0

# unexpected FOLDER EXPECTED: what differs. EXPECTED is a verdict of the first claim, or "VERDICT: WORDS" of every claim
# whose statement begins with these words.
unexpected() {
  "$aisci" show "$1" --json | /usr/bin/python3 -c '
import json, sys
verdict, _, words = sys.argv[1].partition(": ")
claims = json.load(sys.stdin)["claims"]
asked = [claim for claim in claims if claim["statement"].startswith(words)] if words else claims[:1]
if not asked:
    print(f"no claim begins with {words!r}" if words else "no claim was made")
for claim in asked:
    if claim.get("verdict") != verdict:
        print(claim["id"], "is", claim.get("verdict"), "and not", verdict)' "$2" || echo "its verdicts cannot be read"
}

while IFS='|' read -r name template flags expected question; do
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
  difference=
  [ -z "$expected" ] || difference=$(unexpected "$output/$name" "$expected")
  if [ -n "$difference" ]; then
    if [ -n "${AISCI_QUESTION_FLAGS:-}" ]; then
      printf '  not as in the usual size: %s\n' "$difference"
    else
      printf '  FAILED: %s\n' "$difference"; failed=$((failed + 1))
    fi
  fi
done < <(tr '\t' '|' <questions.tsv)
[ $failed = 0 ] && echo "all hold" || { echo "$failed failed"; exit 1; }
