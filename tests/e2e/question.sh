#!/usr/bin/env bash
# One whole question, for real: a study in the sandbox with trained networks, its verification, forgeries that must be
# found, kills that must not change the result, and questions that must be refused.
#   bash tests/e2e/question.sh build/release
set -uo pipefail
build=$(cd "${1:?usage: question.sh BUILD_FOLDER}" && pwd)
aisci=$build/bin/aisci
work=$(mktemp -d /tmp/aisci-e2e-XXXXXX)
trap 'rm -rf "$work"' EXIT
question="How does the choice of activation function affect the generalization performance of Vision Transformers on small datasets?"
small=(--max-experiments 3 --keep 2 --confirm 0.34 --seed 7 --quiet)
passed=0 failed=0
check() {  # check NAME COMMAND...: the command must succeed
  local name=$1; shift
  if "$@" >"$work/out" 2>&1; then passed=$((passed + 1)); echo "ok      $name"
  else failed=$((failed + 1)); echo "FAILED  $name"; tail -20 "$work/out"; fi
}
exits() { local wanted=$1; shift; "$@"; [ $? = "$wanted" ]; }
finds() {  # finds FOLDER PATTERN: verification fails and names the place
  local out; out=$("$aisci" verify "$1"); [ $? = 1 ] && grep -q "$2" <<<"$out" || { echo "$out"; return 1; }
}

# The story of a study without what is volatile.
story() { "$aisci" show "$1" | /usr/bin/python3 -c '
import json, sys
study = json.load(sys.stdin)
print(json.dumps([study["state"], study["nodes"], study["claims"]], sort_keys=True))'; }

# Changes one event and recomputes every hash after it, as a forger would.
forge_event() { /usr/bin/python3 - "$1/study.db" <<'PY'
import hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for name in ("events_stay", "events_remain"):
    db.execute(f"DROP TRIGGER {name}")
rows = db.execute("SELECT sequence, time, type, key, body FROM events ORDER BY sequence").fetchall()
previous, forged = "0" * 64, False
for sequence, time, kind, key, body in rows:
    if kind == "node.evaluated" and not forged:
        at = body.index('"mean":') + 7
        body = body[:at] + ("8" if body[at] != "8" else "7") + body[at + 1:]
        forged = True
    digest = hashlib.sha256("\n".join([previous, str(sequence), time, kind, key, body]).encode()).hexdigest()
    db.execute("UPDATE events SET body=?, previous=?, hash=? WHERE sequence=?", (body, previous, digest, sequence))
    previous = digest
assert forged
db.commit()
PY
}
copy() { rm -rf "$work/forged"; cp -a "$work/study" "$work/forged"; }

check "a question becomes a paper" exits 0 "$aisci" run "$question" -o "$work/study" "${small[@]}"
check "the paper is there" test -s "$work/study/paper.pdf"
check "the study verifies" "$aisci" verify "$work/study"

copy; sed -i '0,/percentage~points/s/\([0-9]\)\.\([0-9]\)~percentage/\1.9~percentage/' "$work/forged/paper/paper.tex"
check "a digit in paper.tex is found" finds "$work/forged" 'paper/paper.tex, line'
copy; trial=$(ls "$work"/forged/experiments/n1/trials/t001/metrics.json)
/usr/bin/python3 - "$trial" <<'PY'
import json, sys
trial = json.load(open(sys.argv[1]))
labels = trial["predictions"]["labels"]
trial["predictions"]["labels"] = [(label + 1) % 10 for label in labels]
json.dump(trial, open(sys.argv[1], "w"))
PY
check "a value in a metrics.json is found" finds "$work/forged" 'experiments/n1/trials/t001'
copy; forge_event "$work/forged"
check "a forged event with every hash recomputed is found" finds "$work/forged" 'node.evaluated'
copy; sed -i 's/{{arm:c1\.relu}}/{{arm:c1.X}}/g; s/{{arm:c1\.sigmoid}}/{{arm:c1.relu}}/g; s/{{arm:c1\.X}}/{{arm:c1.sigmoid}}/g' "$work/forged/paper/paper.json"
check "swapped arms in the paper's model are found" finds "$work/forged" 'paper/paper.json'

for kill_after in 6 20 45; do
  rm -rf "$work/killed"
  "$aisci" run "$question" -o "$work/killed" "${small[@]}" >/dev/null 2>&1 &
  pid=$!
  sleep "$kill_after"; kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null
  check "kill -9 after ${kill_after} s, then resume" exits 0 "$aisci" resume "$work/killed" --quiet
  check "the resumed study is the undisturbed one" test "$(story "$work/killed")" = "$(story "$work/study")"
  check "the resumed study verifies" "$aisci" verify "$work/killed"
done

check "a question without a template is refused" exits 5 "$aisci" run "Which proteins fold fastest at high temperature?" -o "$work/refused" --quiet
check "an arm that is not offered is refused by name" bash -c "'$aisci' run 'Is the Mish activation better than ReLU for Vision Transformers on small datasets?' -o '$work/mish' --quiet 2>&1 | grep -qi mish"
check "a second study does not take a used folder" exits 2 "$aisci" run "$question" -o "$work/study" --quiet

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
