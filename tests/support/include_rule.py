#!/usr/bin/python3
"""The dependency rule, read from the includes. Prints each violation as file:line and exits 1 when there is one.

Dependencies point down: abi <- plugin SDK <- plugins/kit <- plugins; abi <- include/aisci <- base <- {mcts, statistics, ledger,
literature} <- host <- runtime <- research <- bindings. Plugins, bindings and examples never include lib/.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
LAYERS = {"base": 0, "mcts": 1, "statistics": 1, "ledger": 1, "literature": 1, "host": 2, "runtime": 3, "research": 4}
FOREIGN = ("boost/", "Eigen/", "curl/", "pybind11/", "fmt/", "spdlog/", "sqlite3", "nlohmann/", "toml++/", "valijson/", "openssl/", "CLI/")


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1)


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".hpp", ".c", ".cpp"):
                yield path


def layer_of(include):
    head = include.split("/")[0]
    return head if "/" in include and head in LAYERS else None


def violations():
    for path in sources("include/aisci"):
        inner = path.relative_to(ROOT / "include/aisci").parts
        for number, include in includes(path):
            if include.startswith(FOREIGN) or layer_of(include):
                yield path, number, f"a public header includes {include}"
            if inner[0] == "abi" and include.startswith("aisci/") and not include.startswith("aisci/abi"):
                yield path, number, f"the ABI includes {include}"
            if inner[0] == "plugin" and include.startswith("aisci/") and not include.startswith(("aisci/abi", "aisci/plugin/")):
                yield path, number, f"the plugin SDK includes {include}"
    for path in sources("lib"):
        own = path.relative_to(ROOT / "lib").parts[0]
        for number, include in includes(path):
            other = layer_of(include)
            if not other or own not in LAYERS or other == own:
                continue
            if LAYERS[other] >= LAYERS[own]:
                yield path, number, f"lib/{own} includes lib/{other}, which is not below it"
        if own in ("mcts", "statistics"):
            for number, include in includes(path):
                if include.startswith(("boost/", "sqlite3", "curl/")):
                    yield path, number, f"lib/{own} must be usable alone and includes {include}"
    for path in sources("plugins", "bindings", "examples"):
        for number, include in includes(path):
            if layer_of(include) or "lib/" in include:
                yield path, number, f"{include} is internal to the library"
    for path in sources("bindings", "examples"):
        for number, include in includes(path):
            if include.startswith("kit/"):
                yield path, number, f"{include} is internal to the shipped plugins"
    for path in sources("plugins"):
        for number, include in includes(path):
            if include.startswith("aisci/") and not include.startswith(("aisci/plugin/", "aisci/abi", "aisci/version.h")):
                yield path, number, f"a plugin includes {include}, which is the host's side"


def main():
    found = list(violations())
    for path, number, what in found:
        print(f"{path.relative_to(ROOT)}:{number}: {what}")
    print(f"include rule: {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
