#!/usr/bin/env bash
# Compiles each header of the plugin ABI by itself as C and as C++ in every standard it promises, with padding an
# error; and each header of the SDK by itself as C++20.
#   headers_test.sh CC CXX INCLUDE_FOLDER
set -euo pipefail
cc=$1 cxx=$2 include=$3
cd "$include/aisci"
warnings=(-Wall -Wextra -Wpedantic -Werror)
tried=0
for header in abi.h abi_draft.h abi/*.h abi/kinds/*.h abi/draft/*.h; do
  for standard in c11 c17; do
    echo "#include <aisci/$header>" | "$cc" -std=$standard -x c - -I "$include" \
      -fsyntax-only "${warnings[@]}" -Wpadded ||
      { echo "$header does not compile as $standard"; exit 1; }
    tried=$((tried + 1))
  done
  for standard in c++11 c++14 c++17 c++20; do
    echo "#include <aisci/$header>" | "$cxx" -std=$standard -x c++ - -I "$include" \
      -fsyntax-only "${warnings[@]}" -Wpadded ||
      { echo "$header does not compile as $standard"; exit 1; }
    tried=$((tried + 1))
  done
done
for header in plugin/*.hpp; do
  echo "#include <aisci/$header>" | "$cxx" -std=c++20 -x c++ - -I "$include" -fsyntax-only "${warnings[@]}" -Wshadow ||
    { echo "$header does not compile by itself"; exit 1; }
  tried=$((tried + 1))
done
echo "$tried compilations"
[ "$tried" -ge 80 ]
