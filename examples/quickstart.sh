#!/usr/bin/env bash
# From nothing to a paper: sets up, builds a release, and runs a small real study with the offline provider.
# Run it again: an unfinished study is resumed, a finished one stays and a new one starts beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in -h | --help) sed -n '2,3s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac

question="How does the choice of activation function affect the generalization performance of Vision Transformers on small datasets?"

echo "aisci quickstart"
echo "This installs what is missing, builds aisci (about 5 minutes on 2 cores) and runs a study (about 4 minutes)."
bash setup.sh
cmake --preset release
cmake --build --preset release --target aisci_programs
aisci=build/release/bin/aisci

folder=aisci-study-quickstart number=1
while [ -e "$folder/study.db" ] && grep -q '"state": "completed"' <<<"$("$aisci" show "$folder" --json)"; do
  echo "$folder holds a finished study; it stays as it is."
  number=$((number + 1))
  folder=aisci-study-quickstart-$number
done

code=0
if [ -e "$folder/study.db" ]; then
  echo "$folder holds an unfinished study: resuming it."
  "$aisci" resume "$folder" || code=$?
else
  echo "Starting a new study in $folder:"
  echo "  $question"
  "$aisci" run "$question" -o "$folder" --max-experiments 5 --confirm 0.34 --seed 20261 || code=$?
fi
[ "$code" = 6 ] && echo "The study is done, but something it wanted was missing; see the lines that begin with \"Degraded\"."
exit "$code"
