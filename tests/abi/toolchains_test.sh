#!/usr/bin/env bash
# Plugins of every compiler and C++ runtime that this machine has, all in one process, in a host with the shared and in one
# with a static C++ runtime. Says which toolchains it did not find; setup.sh --dev installs them all.
#   toolchains_test.sh SOURCE SHARED_HOST STATIC_HOST [MORE_PLUGIN...]
set -euo pipefail
source=$1 shared=$2 static=$3
shift 3
work=$(mktemp -d /tmp/aisci-toolchains-XXXXXX)
trap 'rm -rf "$work"' EXIT
flags=(-O2 -fPIC -shared -fvisibility=hidden "-Wl,-z,defs,--version-script=$source/cmake/aisci_plugin.map" -I "$source/include")
brevity=$source/examples/value_function_plugin/brevity.cpp
plugins=() missing=()
build() {  # NAME COMPILER ARGUMENT...
  local name=$1 compiler=$2
  shift 2
  if ! command -v "$compiler" >/dev/null; then missing+=("$name"); return; fi
  "$compiler" "$@" "${flags[@]}" -o "$work/$name.so"
  plugins+=("$work/$name.so")
}
build gcc_12 g++ -std=c++20 "$brevity"
build gcc_12_static_runtime g++ -std=c++20 -static-libstdc++ -static-libgcc "$brevity"
build gcc_11 g++-11 -std=c++20 "$brevity"
build c cc -std=c11 "$source/examples/c_plugin/visits.c"
build clang_libstdcxx clang++-14 -std=c++20 "$brevity"
if echo '#include <vector>' | clang++-14 -stdlib=libc++ -x c++ -fsyntax-only - 2>/dev/null; then
  build clang_libcxx clang++-14 -std=c++20 -stdlib=libc++ "$brevity"
else
  missing+=(clang_libcxx)
fi
plugins+=("$@")
for host in "$shared" "$static"; do
  "$host" "${plugins[@]}" >"$work/out" || { cat "$work/out"; exit 1; }
  [ "$(grep -cE ': (brevity|visits|six) [01]\.[0-9]{3}$' "$work/out")" = ${#plugins[@]} ] || { cat "$work/out"; exit 1; }
done
# The static host has no C++ runtime of its own to share.
! ldd "$static" | grep -q 'libstdc++' || { echo "the static host links libstdc++"; exit 1; }
echo "${#plugins[@]} plugins in each of two hosts; toolchains missing here: ${missing[*]:-none}"
