#!/usr/bin/env bash
# `pip install .` into a fresh environment, as a stranger would, and what it installed used from another folder.
set -euo pipefail
source=$1 python=${2:-/usr/bin/python3}
work=$(mktemp -d /tmp/aisci-pip-XXXXXX)
trap 'rm -rf "$work"' EXIT
# A copy: building in the source folder would leave a build folder behind.
git -C "$source" archive HEAD | tar -x -C "$work" --one-top-level=source
"$python" -m venv "$work/venv"
# The release's compiler and flags, so that what it compiled is not compiled again.
cache=$(command -v ccache || true)
CC=cc CXX=c++ CMAKE_C_COMPILER_LAUNCHER=$cache CMAKE_CXX_COMPILER_LAUNCHER=$cache \
  CCACHE_BASEDIR=$work/source CCACHE_NOHASHDIR=1 \
  "$work/venv/bin/pip" install -q --no-input --disable-pip-version-check \
  --config-settings=cmake.define.AISCI_WARNINGS_AS_ERRORS="${AISCI_WARNINGS_AS_ERRORS:-OFF}" "$work/source"
rm -rf "$work/source"
cd "$work"
"$work/venv/bin/aisci" --version
listed=$("$work/venv/bin/aisci" plugin list)
grep -q '^llm_provider .*offline' <<<"$listed"
if grep PROBLEM <<<"$listed"; then exit 1; fi
"$work/venv/bin/python" - <<'PY'
import aisci

search = aisci.mcts.Search(budget=20, seed=1)
while lease := search.ask():
    search.tell(lease, state=lease.id, value=1 / lease.id)
assert search.best().state == 1 and search.tree()["visits"][0] == 20

# A study begins: every shipped plugin is found and fits; the question is refused, which is the answer.
try:
    aisci.AIScientist(sandbox="process").run("Which is the best recipe for apple pie?", "study")
except aisci.Error as error:
    assert "What can be studied" in str(error), error
else:
    raise SystemExit("a question that no template can answer was answered")

class Half(aisci.ValueFunction):
    def evaluate(self, nodes, call):
        return [0.5] * len(nodes)

report = aisci.check_component(Half())
assert report.passed, report
print("the installed Python package works:", aisci.__file__)
PY
"$work/venv/bin/pip" -q uninstall -y aisci
