#!/usr/bin/env bash
# One whole question, for real: a study in the sandbox with trained networks, its verification, forgeries that must be
# found, kills that must not change the result, and questions that must be refused.
#   bash tests/e2e/question.sh build/release
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?usage: question.sh BUILD_FOLDER}" && pwd)
aisci=$build/bin/aisci
work=$(mktemp -d /tmp/aisci-e2e-XXXXXX)
export XDG_STATE_HOME=$work/state
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
finds() {  # finds FOLDER PATTERN: verification fails and names place, expected and found
  local out; out=$("$aisci" verify "$1"); [ $? = 1 ] || { echo "$out"; return 1; }
  grep -A2 -E "^PROBLEM +.*$2" <<<"$out" | tr '\n' ' ' | grep -qE "expected [^ ].* found +[^ ]" || { echo "$out"; return 1; }
}

# The story of a study without what is volatile.
story() { "$aisci" show "$1" --json | /usr/bin/python3 -c '
import json, sys
study = json.load(sys.stdin)
print(json.dumps([study["state"], study["nodes"], study["claims"]], sort_keys=True))'; }

# The command of the README beside the experiments' code, in the environment of experiments.
runs_by_hand() {
  local command
  command=$(grep -m1 '^    AISCI_JOB=' "$1/code/README.md" | sed "s|STUDY|$1|; s|/tmp/n1|$work/by-hand|; s|python3|$(bash "$root/setup.sh" --python)|")
  rm -rf "$work/by-hand"
  (cd "$1/code" && eval "$command") && test -s "$work/by-hand/t001/metrics.json"
}

copy() { rm -rf "$work/forged"; cp -a "$work/study" "$work/forged"; }

# What the first node of a study on QUESTION would test, in words. The study is interrupted there.
first_node() {
  rm -rf "$work/asked"
  "$aisci" run "$1" -o "$work/asked" "${small[@]}" >"$work/asked.out" 2>&1 &
  local pid=$! said=""
  for _ in $(seq 300); do
    said=$("$aisci" show "$work/asked" --json 2>/dev/null | /usr/bin/python3 -c '
import json, sys
print(json.load(sys.stdin)["nodes"][0]["hypothesis"])' 2>/dev/null) && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  kill -INT "$pid" 2>/dev/null; wait "$pid"
  echo "$said"; [ -n "$said" ] || cat "$work/asked.out"
}

check "a question becomes a paper" exits 0 "$aisci" run "$question" -o "$work/study" "${small[@]}"
check "the paper is there" test -s "$work/study/paper.pdf"
check "the study verifies" "$aisci" verify "$work/study"
readable() { ! grep -l '{{' "$work/study"/summary.json "$work/study"/tree.html "$work/study"/paper/paper.tex; }
check "no eight words stand twice in the paper" /usr/bin/python3 "$(dirname "$0")/repeated.py" "$work/study"
check "the reviewers find nothing in the draft's wording" /usr/bin/python3 "$(dirname "$0")/false_alarms.py" "$work/study"
check "no reference is left unresolved in what people read" readable
check "every document fits its schema" "$build/tests/check_documents" "$work/study"
shows() { "$aisci" show "$work/study" | grep -qE "^  c1 +(supported|refuted|equivalent|inconclusive) +.*\[.*\], n = [0-9]+  "; }
check "show says the claims' verdicts with interval and n" shows

explains() {  # the printed number is what the files that explain names really hold
  "$aisci" explain "$work/study" c1.contrast.mean --json | /usr/bin/python3 -c '
import json, pathlib, sys
study = pathlib.Path(sys.argv[1])
told = json.load(sys.stdin)
match = told["matches"][0]
truth = json.loads((study / "data/labels/confirmation.json").read_text())["labels"]
for block in match["blocks"]:
    for trial in block["trials"]:
        predicted = json.loads((study / trial["file"]).read_text())["predictions"]["labels"]
        assert abs(trial["score"] - sum(map(int.__eq__, predicted, truth)) / len(truth)) < 1e-12, trial
mean = sum(block["contrast"] for block in match["blocks"]) / len(match["blocks"])
assert told["holds"] and len(match["blocks"]) >= 14 and abs(mean - match["value"]) < 1e-12, told' "$work/study"
}
check "explain leads a printed number back to its trials" explains
explains_loss() {  # and a difference in training loss is that of the curves' last points
  "$aisci" explain "$work/study" c1.training.mean --json | /usr/bin/python3 -c '
import json, pathlib, sys
study = pathlib.Path(sys.argv[1])
match = json.load(sys.stdin)["matches"][0]
differences = []
for block in match["blocks"]:
    one, other = [json.loads((study / trial["file"]).read_text())["curves"]["train_loss"][-1][1] for trial in block["trials"]]
    assert all(abs(trial["training_loss"] - loss) < 1e-12 for trial, loss in zip(block["trials"], (one, other))), block
    assert abs(abs(block["contrast"]) - abs(one - other)) < 1e-12, block
    differences.append(block["contrast"])
assert len(differences) >= 14 and abs(sum(differences) / len(differences) - match["value"]) < 1e-12, match' "$work/study"
}
check "explain leads a difference in training loss back to the curves" explains_loss
explains_value() {
  "$aisci" explain "$work/study" study.weight.novelty | grep -q "share of this part in every node's value" &&
    "$aisci" explain "$work/study" n1.score.novelty | grep -q "part of the node's value"
}
check "explain says what a node's value is made of" explains_value
explains_no_facts() {  # a constant rests on no trial; a number in the template's words comes from there, a year from its reference
  "$aisci" explain "$work/study" protocol.power | grep -q "a constant of the protocol" &&
    ! "$aisci" explain "$work/study" protocol.power | grep -q "metrics.json" &&
    "$aisci" explain "$work/study" 5620 | grep -q "stated by the experiment's template: facts.about" &&
    "$aisci" explain "$work/study" 1998 | grep -q "the year of a reference"
}
check "explain tells of numbers that no trial stands behind" explains_no_facts
check "explain refuses a number that is not printed" exits 5 "$aisci" explain "$work/study" 987.654

while read -r what rehash pattern; do
  copy; /usr/bin/python3 "$(dirname "$0")/forge.py" "$work/forged" "$what" $([ "$rehash" = all ] && echo --rehash) || exit 1
  check "a forgery is found: $what, hashes recomputed: $rehash" finds "$work/forged" "$pattern"
done <<'FORGERIES'
tex     none  paper/paper.tex, line [0-9]+
tex     all   paper/paper.tex, line [0-9]+
metrics none  experiments/n1/trials/t001/metrics.json
metrics all   node.evaluated n1.evidence
event   none  node.evaluated n1.evidence
event   all   node.evaluated n1.evidence
versions all  experiments/n1/trials: what their programs ran with
arms    none  paper/paper.json
arms    all   answer to (analysis|writing)
summary all   summary.json, line [0-9]+
tree    all   tree.html, line [0-9]+
code    all   experiments/n1/code/experiment.py, line [0-9]+
pdf     none  paper.pdf
FORGERIES
check "sixty random mutations are found, untouched copies hold" \
  exits 0 /usr/bin/python3 "$(dirname "$0")/mutations.py" "$aisci" "$work/study" --count 60

check "the study is packed" exits 0 "$aisci" bundle "$work/study" -o "$work/study.tar.gz"
check "the confirmation runs again from the bundle, every number the same" \
  exits 0 "$aisci" reproduce "$work/study.tar.gz" -o "$work/again" --quiet
mkdir "$work/repacked" && tar xzf "$work/study.tar.gz" -C "$work/repacked"
sed -i 's/160/161/' "$work/repacked/code/c1/experiment.py"
tar czf "$work/repacked.tar.gz" -C "$work/repacked" .
check "a bundle that was changed is refused" exits 1 "$aisci" reproduce "$work/repacked.tar.gz" -o "$work/again2"
cp -a "$work/study" "$work/unsound" && echo >>"$work/unsound/summary.json"
check "a study that does not hold is not packed" exits 5 "$aisci" bundle "$work/unsound" -o "$work/unsound.tar.gz"

for kill_after in 6 20 45; do
  rm -rf "$work/killed"
  "$aisci" run "$question" -o "$work/killed" "${small[@]}" >/dev/null 2>&1 &
  pid=$!
  sleep "$kill_after"; kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null
  check "kill -9 after ${kill_after} s, then resume" exits 0 "$aisci" resume "$work/killed" --quiet
  check "the resumed study is the undisturbed one" test "$(story "$work/killed")" = "$(story "$work/study")"
  check "the resumed study verifies" "$aisci" verify "$work/killed"
done

asked=$(first_node "$question")
gelu_over_relu='^A ViT with [0-9]+ training images reaches a higher accuracy with GELU than with ReLU\.$'
check "what is tested follows from the question: $asked" grep -qE "$gelu_over_relu" <<<"$asked"
while read -r question_in_other_words; do
  check "in other words: $question_in_other_words" grep -qE "$gelu_over_relu" <<<"$(first_node "$question_in_other_words")"
done <<'WORDS'
Does the choice of activation function not matter for how well ViTs generalise when training data is scarce?
在小数据集上，激活函数的选择如何影响视觉Transformer的泛化性能？
Wie beeinflusst die Wahl der Aktivierungsfunktion die Generalisierung von Vision Transformern auf kleinen Datensätzen?
WORDS
check "without isolation, which is warned of, a question becomes a paper as well" exits 0 "$aisci" run \
  "Do regularised linear models beat random forests on small tabular data?" -o "$work/bare" --sandbox process \
  --max-experiments 2 --confirm 0.5 --seed 3 --quiet
check "that study verifies" "$aisci" verify "$work/bare"
check "an experiment runs by hand as its README says" runs_by_hand "$work/bare"
check "a negated claim keeps its direction" grep -qE "$gelu_over_relu" <<<"$(first_node 'Is ReLU no worse than GELU for vision transformers on small datasets?')"
check "what stands for small datasets is in the abstract" grep -q 'small datasets.*stands for' "$work/study/paper/paper.tex"

check "a question without a template is refused" exits 5 "$aisci" run "Which proteins fold fastest at high temperature?" -o "$work/refused" --quiet
check "an arm that is not offered is refused by name" bash -c "'$aisci' run 'Is the Mish activation better than ReLU for Vision Transformers on small datasets?' -o '$work/mish' --quiet 2>&1 | grep -qi mish"
check "a second study does not take a used folder" exits 2 "$aisci" run "$question" -o "$work/study" --quiet

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
