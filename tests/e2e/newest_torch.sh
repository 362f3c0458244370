#!/usr/bin/env bash
# The experiments' side on the newest PyTorch, NumPy, SciPy, scikit-learn and matplotlib that PyPI has for the system's Python:
# every Python test, with deprecated calls as errors, and a small real study of each template, verified.
# Downloads about 3 GB (the wheel brings CUDA along) and takes about half an hour on 2 cores: label nightly.
#
#   bash tests/e2e/newest_torch.sh build/release [PYTHON]     PYTHON: one that has them already (default: a new environment,
#                                                             removed afterwards)
#
# Say in docs/guide/templates.md which versions were run, and when.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "${1:?usage: newest_torch.sh BUILD_FOLDER [PYTHON]}" && pwd)
# Where the sandbox's user can read it, which /root is not.
work=$(mktemp -d /var/tmp/aisci-newest-torch-XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python=${2:-$work/environment/bin/python3}
passed=0 failed=0
check() {  # check NAME COMMAND...: the command must succeed
  local name=$1; shift
  if "$@" >"$work/out" 2>&1; then passed=$((passed + 1)); echo "ok      $name"
  else failed=$((failed + 1)); echo "FAILED  $name"; tail -40 "$work/out"; fi
}

if [ $# -lt 2 ]; then
  echo "== a new environment"
  (umask 022; /usr/bin/python3 -m venv "$work/environment" &&
    "$python" -m pip install -q --no-input --disable-pip-version-check torch numpy scipy scikit-learn matplotlib) || exit 5
fi
"$python" -c '
import matplotlib, numpy, scipy, sklearn, sys, torch
print(f"== torch {torch.__version__}, numpy {numpy.__version__}, scipy {scipy.__version__}, "
      f"scikit-learn {sklearn.__version__}, matplotlib {matplotlib.__version__}, Python {sys.version.split()[0]}")' || exit 5
export AISCI_PYTHON=$python

deprecated=error::DeprecationWarning,error::PendingDeprecationWarning,error::FutureWarning
check "every Python test passes, deprecated calls are errors" \
  env AISCI_BUILD="$build" PYTHONWARNINGS=$deprecated "$python" "$root/tests/python/run.py"
tail -1 "$work/out"

study() {  # study TEMPLATE QUESTION: a small study runs, verifies, and its programs complain of nothing
  local folder=$work/study-${1%%/*}
  check "$1: a study runs" "$build/bin/aisci" run "$2" -o "$folder" --template "$1" \
    --max-experiments 1 --keep 1 --confirm 0.5 --seed 7 --quiet
  check "$1: the study verifies" "$build/bin/aisci" verify "$folder"
  check "$1: its trials ran on these versions" /usr/bin/python3 - "$folder" "$python" <<'PY'
import json, pathlib, subprocess, sys
trials = list(pathlib.Path(sys.argv[1]).glob("experiments/*/trials/*/metrics.json"))
version = subprocess.run([sys.argv[2], "-c", "import numpy; print(numpy.__version__)"], capture_output=True, text=True).stdout
assert trials and version
for path in trials:
    found = json.loads(path.read_text())["environment"]["numpy"]
    assert found == version.strip(), (path, found, version)
PY
  check "$1: its programs wrote nothing to standard error" \
    bash -c 'cat "$1"/experiments/*/runs/*/errors.log; ! cat "$1"/experiments/*/runs/*/errors.log | grep -q .' - "$folder"
}
study tabular/breast_cancer "Does scaling the features help a support vector machine?"
study optimization/digits "Does Adam reach a lower training loss than SGD with momentum?"
study diagnostic "Do residual connections reduce the gradient imbalance of deep networks?"
study image_classification "Does GELU beat ReLU in vision transformers on small datasets?"
study nlp_language_modeling "Do LSTMs reach a lower perplexity than transformers on small texts?"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
