"""Draws the figures of a study.

    python3 plot.py [FIGURES_JSON [RESULTS]]      defaults: figures.json in $AISCI_JOB or /job; $AISCI_RESULTS or /results

reads {"figures": [{"id": "f1", "kind": "arms", "title": "...", "data": {...}}]} and writes, for each figure,
<RESULTS>/<id>.pdf (vector), <id>.png (200 dpi) and <id>.csv (the numbers drawn, unscaled). The title is for lists of
figures and is not drawn; the paper's caption says what is seen. Statistics come in the data, computed by the
study; only the band of training curves given as blocks is computed here.

The same data give the same bytes under the same version of matplotlib. A figure that cannot be drawn is named
on standard error, the others are still drawn, and the exit status is 1.

The data by kind (arrays of objects are in drawing order; `unit: "fraction"` shows per cent; full description with
examples: docs/guide/figures.md):

    arms    {axis, unit, arms: [{id, label, look, variant, mean, lower, upper, values: [number per block]}]}; with
            scale, smallest_effect and difference: {label, values, mean, lower, upper} a panel of what is tested
    paired  {axis, unit, scale, smallest_effect, baseline: {label, values}, treatment: {label, values},
             difference: {values, mean, lower, upper}}
    forest  {axis, unit, scale, smallest_effect, range, rows: [{id, label, n, mean, lower, upper, verdict}]}
    curves  {axis, unit, step_axis, logarithmic, arms: [{id, label, points: [[step, mean, lower, upper]]}
             or {id, label, blocks: [[[step, value]]]}]}
    sizes   {axis, unit, factor, arms: [{id, label, levels: [{level, mean, lower, upper}]}]}
    dose    {axis, unit, factor, reference, smallest_effect, levels: [{level, mean, lower, upper, values}]}
    heat    {axis, unit, row_factor, column_factor, rows: [label], columns: [label],
             cells: [[{mean, lower, upper} or null]]}
    distributions   as arms
    tree    {question, storyline: [id], nodes: [{id, parent, label, stage, state, score, verdict}]}
"""

import csv
import json
import os
import pathlib
import re
import sys

import kinds
import responses
import style
import tree
from shapes import FigureError

KINDS = {**kinds.KINDS, **responses.KINDS, "tree": tree.tree}


def draw(figure, results):
    """Writes the three files of one figure; FigureError names what is wrong with it."""
    identity, kind, data = figure.get("id"), figure.get("kind"), figure.get("data")
    if not isinstance(identity, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", identity):
        raise FigureError(f"an id must be letters, digits, '_' or '-', not {identity!r}")
    if kind not in KINDS:
        raise FigureError(f"kind {kind!r} is unknown; there are {', '.join(KINDS)}")
    if not isinstance(data, dict):
        raise FigureError("data must be an object")
    drawing, header, rows = KINDS[kind](data)
    style.save(drawing, results / identity)
    with open(results / f"{identity}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(arguments):
    job = os.environ.get("AISCI_JOB", "/job")
    source = pathlib.Path(arguments[0] if arguments else f"{job}/figures.json")
    results = pathlib.Path(arguments[1] if len(arguments) > 1 else os.environ.get("AISCI_RESULTS", "/results"))
    style.apply()
    failed = 0
    for figure in json.loads(source.read_text(encoding="utf-8"))["figures"]:
        try:
            draw(figure, results)
        except Exception as error:  # one figure that cannot be drawn must not take the others with it
            failed += 1
            what = str(error) if isinstance(error, FigureError) else f"{type(error).__name__}: {error}"
            print(f"plot.py: figure {figure.get('id')} ({figure.get('kind')}): {what}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
