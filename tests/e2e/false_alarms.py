"""What the reviewers of a study's first draft held against its wording.

    python3 tests/e2e/false_alarms.py STUDY...     lists it and ends with 1 where there is any

A draft is written from the ledger: what they find in its words, and not in the study's design, is a false alarm, and
the revision strikes a true sentence for it.
"""

import json
import pathlib
import sqlite3
import sys

# What a sound study may be short of, whatever its paper says.
DESIGN = {
    "architecture", "arms-identical", "ceiling", "constant", "data", "exploratory-only", "no-evidence", "open",
    "power-low", "rate", "seeds-repeat", "shrank", "small", "turned", "untrained", "wide",
}


def alarms(study: pathlib.Path) -> "list[str]":
    ledger = sqlite3.connect(f"file:{study / 'study.db'}?mode=ro", uri=True)
    (body,) = ledger.execute("select body from events where type = 'review.meta' and key = 'draft'").fetchone()
    return [f"{point['rule']}: {point['text']}" for point in json.loads(body)["points"] if point["rule"] not in DESIGN]


def main() -> int:
    found = 0
    for study in map(pathlib.Path, sys.argv[1:]):
        for alarm in alarms(study):
            print(f"{study}: {alarm}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
