#!/usr/bin/env bash
# Installs the build and uses it as a stranger would: find_package, each component alone, a plugin, the installed program.
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d /tmp/aisci-package-XXXXXX)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
cmake --install "$build" --prefix "$prefix" >"$work/install.log"
"$prefix/bin/aisci" --version
listed=$("$prefix/bin/aisci" plugin list)
grep -q '^llm_provider .*offline' <<<"$listed"
if grep PROBLEM <<<"$listed"; then exit 1; fi

mkdir "$work/consumer"
cat >"$work/consumer/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(aisci REQUIRED COMPONENTS mcts statistics)
add_executable(search search.cpp)
target_link_libraries(search PRIVATE aisci::mcts)
add_executable(test_it test_it.cpp)
target_link_libraries(test_it PRIVATE aisci::statistics)
CMAKE
cat >"$work/consumer/search.cpp" <<'CPP'
#include <aisci/mcts/search.hpp>
int main() {
  auto search = aisci::mcts::Search::create({}).value();
  while (auto lease = search.ask()) search.tell(*lease, {.value = 0.5}).value();
  return search.best() ? 0 : 1;
}
CPP
cat >"$work/consumer/test_it.cpp" <<'CPP'
#include <aisci/statistics/statistics.hpp>
#include <vector>
int main() { return aisci::statistics::paired_t(std::vector<double>{0.1, 0.2, 0.3}).value().n == 3 ? 0 : 1; }
CPP
cmake -S "$work/consumer" -B "$work/consumer/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/consumer/build" >/dev/null
"$work/consumer/build/search"
"$work/consumer/build/test_it"

cmake -S "$source/examples/embed_cpp" -B "$work/embed" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/embed" >/dev/null
code=0; "$work/embed/aisci_embed" 2>/dev/null || code=$?
[ "$code" = 2 ]

cmake -S "$source/examples/value_function_plugin" -B "$work/plugin" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/plugin" >/dev/null
folder=$(dirname "$(find "$work/plugin" -name '*.aisci.json' | head -1)")
listed=$("$prefix/bin/aisci" plugin list --plugins "$folder")
grep -q '^value_function .*brevity' <<<"$listed"
echo "the installed package works"
