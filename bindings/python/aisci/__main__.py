"""`python -m aisci`, and the command `aisci` of an installed package: the program itself."""

from __future__ import annotations

import os
import pathlib
import sys

from .errors import FailedPrecondition


def program() -> pathlib.Path:
    here = pathlib.Path(__file__).resolve().parent
    for found in (here / "bin/aisci", here.parents[1] / "bin/aisci", here.parents[3] / "bin/aisci"):
        if os.access(found, os.X_OK):
            return found
    raise FailedPrecondition("the program aisci does not lie beside this package; install aisci whole")


def main() -> None:
    os.execv(program(), ["aisci", *sys.argv[1:]])


if __name__ == "__main__":
    main()
