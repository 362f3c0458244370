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
finds() {  # finds FOLDER PATTERN: verification fails and names place, expected and found
  local out; out=$("$aisci" verify "$1"); [ $? = 1 ] || { echo "$out"; return 1; }
  grep -A2 -E "^PROBLEM +.*$2" <<<"$out" | tr '\n' ' ' | grep -qE "expected [^ ].* found +[^ ]" || { echo "$out"; return 1; }
}

# The story of a study without what is volatile.
story() { "$aisci" show "$1" | /usr/bin/python3 -c '
import json, sys
study = json.load(sys.stdin)
print(json.dumps([study["state"], study["nodes"], study["claims"]], sort_keys=True))'; }

copy() { rm -rf "$work/forged"; cp -a "$work/study" "$work/forged"; }

# What the first node of a study on QUESTION would test, in words. The study is interrupted there.
first_node() {
  rm -rf "$work/asked"
  "$aisci" run "$1" -o "$work/asked" "${small[@]}" >"$work/asked.out" 2>&1 &
  local pid=$! said=""
  for _ in $(seq 300); do
    said=$("$aisci" show "$work/asked" 2>/dev/null | /usr/bin/python3 -c '
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
arms    none  paper/paper.json
arms    all   answer to (analysis|writing)
FORGERIES

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
check "a negated claim keeps its direction" grep -qE "$gelu_over_relu" <<<"$(first_node 'Is ReLU no worse than GELU for vision transformers on small datasets?')"
check "what stands for small datasets is in the abstract" grep -q 'small datasets.*stands for' "$work/study/paper/paper.tex"

check "a question without a template is refused" exits 5 "$aisci" run "Which proteins fold fastest at high temperature?" -o "$work/refused" --quiet
check "an arm that is not offered is refused by name" bash -c "'$aisci' run 'Is the Mish activation better than ReLU for Vision Transformers on small datasets?' -o '$work/mish' --quiet 2>&1 | grep -qi mish"
check "a second study does not take a used folder" exits 2 "$aisci" run "$question" -o "$work/study" --quiet

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
