#!/usr/bin/env bash
# Format of every C and C++ file, clang-tidy on the sources that changed since BASE (default: the commit before), and
# mypy on the Python package and its examples.
#   bash tests/style.sh [BASE] [--fix]      --fix formats the files instead of naming them
# clang-tidy reads at most 20 files a run, the smallest last, and says which it left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=HEAD~1 fix=no
for argument in "$@"; do
  case "$argument" in
    --fix) fix=yes ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) base=$argument ;;
  esac
done
mapfile -t files < <(git ls-files '*.cpp' '*.hpp' '*.h' '*.c' ':!tests/abi/frozen')
if [ $fix = yes ]; then
  clang-format-14 -i "${files[@]}"
  exit 0
fi
status=0
clang-format-14 --dry-run --Werror "${files[@]}" 2>/tmp/aisci-format.$$ || status=1
sed -n 's/^\([^:]*\):.*clang-format-violations.*/format: \1  (bash tests\/style.sh --fix)/p' /tmp/aisci-format.$$ | sort -u
rm -f /tmp/aisci-format.$$

mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- 'lib/*.cpp' 'plugins/*.cpp' 'bindings/*.cpp' | xargs -r ls -S)
if [ ${#changed[@]} -gt 0 ]; then
  cmake --preset tidy >/dev/null
  for file in "${changed[@]:20}"; do echo "tidy: $file is left out of this run"; done
  printf '%s\n' "${changed[@]:0:20}" | xargs -P "$(nproc)" -n 1 clang-tidy-14 -p build/tidy --quiet 2>/dev/null || status=1
fi
MYPYPATH=bindings/python mypy --config-file pyproject.toml --python-executable "$(bash setup.sh --python)" \
  --cache-dir build/mypy bindings/python/aisci examples/python || status=1
[ $status = 0 ] && echo "style: ${#files[@]} files formatted, $((${#changed[@]} > 20 ? 20 : ${#changed[@]})) changed sources tidy"
exit $status
