"""Runs of eight words that stand twice in a study's paper, captions, tables and the title aside.

    python3 tests/e2e/repeated.py STUDY...     lists them and ends with 1 where there are any

A reference counts as what it names: an arm or a level as one word, a value as a word of its own; the question, which
is quoted, does not count.
"""

import collections
import json
import pathlib
import re
import sys

RUN = 8


def word_of(reference: "re.Match[str]") -> str:
    body = reference.group(1)
    kind, _, rest = body.partition(":")
    if kind in ("arm", "level", "label"):
        return rest.split(".", 1)[1].rsplit("|", 1)[0].replace(" ", "_")
    if kind == "direction":
        return rest.split("|")[1]
    if kind in ("cite", "text"):
        return " "
    return body.replace(" ", "_")


def texts_in(value: object, place: str) -> "list[tuple[str, str]]":
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in texts_in(item, f"{place}[{number}]")]
    if isinstance(value, dict) and value.get("type") != "table":
        place = str(value.get("id", place))
        return [found for name in ("text", "items", "blocks") for found in texts_in(value.get(name), place)]
    return []


def repeated_in(paper: dict) -> "list[tuple[str, list[str]]]":
    places: "dict[str, list[str]]" = collections.defaultdict(list)
    for part in ("abstract", "sections", "appendix"):
        for place, text in texts_in(paper.get(part), part):
            text = re.sub(r"\u201c[^\u201d]*\u201d", " ", text)
            text = re.sub(r"\{\{([^}]*)\}\}", word_of, text)
            words = [word.lower() for word in re.findall(r"[^\s,.;:()]+(?:\.[^\s,.;:()]+)*", text)]
            for i in range(len(words) - RUN + 1):
                places[" ".join(words[i : i + RUN])].append(place)
    return [(run, where) for run, where in places.items() if len(where) > 1]


def main() -> int:
    found = 0
    for study in sys.argv[1:]:
        for run, where in repeated_in(json.loads((pathlib.Path(study) / "paper" / "paper.json").read_text())):
            print(f"{study}: \"{run}\" stands in {' and '.join(where)}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
