#!/usr/bin/env bash
# What an author of a plugin does with an installed aisci: new projects with CMake, one line of a compiler without it,
# the manifest, the checker, and what the checker says of a plugin that breaks a rule.
#   third_party_test.sh BUILD SOURCE
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d /tmp/aisci-third-party-XXXXXX)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
for component in Unspecified programs; do
  cmake --install "$build" --prefix "$prefix" --component $component >>"$work/install.log"
done
aisci=$prefix/bin/aisci

# New projects, each with its test.
cd "$work"
for kind in value_function agent; do
  "$aisci" plugin new "my_$kind" --kind $kind >/dev/null
  cmake -S "my_$kind" -B "my_$kind/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
  cmake --build "my_$kind/build" >/dev/null
  (cd "my_$kind/build" && ctest --output-on-failure >"$work/ctest.log") || { cat "$work/ctest.log"; exit 1; }
done
folder=my_value_function/build/lib/aisci/plugins/abi1
"$aisci" plugin list --plugins "$PWD/$folder" 2>/dev/null | grep -q 'my_value_function .*in its own process' ||
  [ ! -d "$prefix/lib/aisci/plugins" ]  # without the shipped plugins there is nothing to list

# Without CMake: the lines of docs/abi/README.md.
flags=(-O2 -fPIC -shared -fvisibility=hidden "-Wl,-z,defs,--version-script=$prefix/lib/cmake/aisci/aisci_plugin.map" -I "$prefix/include")
gcc_line() { g++ -std=c++20 "${flags[@]}" "$1" -o "$2"; }
for kind in sandbox llm_provider retriever writer; do
  "$aisci" plugin new "my_$kind" --kind $kind >/dev/null
  gcc_line "my_$kind/my_$kind.cpp" "my_$kind.so"
  "$aisci" plugin manifest "my_$kind.so" >/dev/null
  "$aisci" plugin check "my_$kind.so" >"$work/check.log" || { cat "$work/check.log"; exit 1; }
done
cc -std=c11 "${flags[@]}" "$source/examples/c_plugin/visits.c" -o visits.so
"$aisci" plugin check visits.so >/dev/null
if command -v clang++-14 >/dev/null; then
  clang++-14 -std=c++20 "${flags[@]}" "$source/examples/value_function_plugin/brevity.cpp" -o brevity_clang.so
  "$aisci" plugin check brevity_clang.so >/dev/null
fi
if command -v g++-11 >/dev/null; then
  g++-11 -std=c++20 "${flags[@]}" "$source/examples/value_function_plugin/brevity.cpp" -o brevity_11.so
  "$aisci" plugin check brevity_11.so >/dev/null
fi

# A rule that is broken is named, and the exit code says so.
sed 's/evaluate(const NodeView& node, Call&) override {/& return {.value = 7.0};/' my_value_function/my_value_function.cpp >wrong.cpp
gcc_line wrong.cpp wrong.so
code=0; "$aisci" plugin check wrong.so >"$work/check.log" || code=$?
[ "$code" = 1 ] && grep -q '^BROKEN  *V1 ' "$work/check.log" || { cat "$work/check.log"; exit 1; }

# What cannot be is refused.
code=0; "$aisci" plugin new "my_agent" --kind agent 2>/dev/null || code=$?
[ "$code" = 2 ]
code=0; "$aisci" plugin new ../up 2>/dev/null || code=$?
[ "$code" = 2 ]
code=0; "$aisci" plugin new x --kind oracle 2>/dev/null || code=$?
[ "$code" = 2 ]

# Small enough to hand around.
strip my_value_function/build/lib/aisci/plugins/abi1/my_value_function/my_value_function.so -o small.so
size=$(stat -c %s small.so)
[ "$size" -lt 40960 ] || { echo "a value function of $size bytes"; exit 1; }
echo "six kinds built and checked; a value function has $size bytes"
