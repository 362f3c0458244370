"""Figures over the levels of factors: dose (one ordered factor), heat (two factors), and distributions of many blocks.
Each function takes a figure's data and gives (figure, header, rows), as those of kinds.py do.
"""

import matplotlib.pyplot as plt
import numpy
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, NullLocator

import style
from kinds import _axis, _contrast_scale, _draw_blocks, _draw_interval, _grid, _look, _named, _on_ratio_scale, _printed, _scale, _set_xlabel, _set_ylabel, _wrapped
from shapes import FigureError, filled, interval, member, number, numbers, objects


def dose(data):
    """The metric over the levels of one ordered factor: blocks, means, intervals, and the smallest effect around the
    level that the others are compared with. With `contrast`, what each level differs from that one by, which is zero."""
    contrast = bool(data.get("contrast"))
    by, suffix = _contrast_scale(data) if contrast else _scale(data)
    entries = [(number(cell, place, "level"), interval(cell, place), numbers(cell, place, "values"))
               for place, cell in objects(data, "levels")]
    reference = data.get("reference")
    if contrast:
        if number(data, "data", "reference") in [entry[0] for entry in entries]:
            raise FigureError("data.reference is one of the levels that are held against it")
        entries.append((reference, None, []))
    entries.sort(key=lambda entry: entry[0])
    levels = [entry[0] for entry in entries]
    if len(set(levels)) != len(levels):
        raise FigureError("data.levels: a level is there twice")
    ratio_scale = _on_ratio_scale(data, levels, 8)
    places = levels if ratio_scale else list(range(len(levels)))
    nearest = min((after / before for before, after in zip(levels, levels[1:])), default=1) if ratio_scale else 1

    def beside(place, aside):
        """To the side of a level by a share of the distance to the nearest other one."""
        return place * nearest ** aside if ratio_scale else place + aside

    figure, axes = plt.subplots(figsize=(style.COLUMN, 2.2), layout="constrained")
    means = [0.0 if entry[1] is None else entry[1][0] for entry in entries]
    if reference is not None:
        centre = dict(zip(levels, means)).get(reference)
        if centre is None:
            raise FigureError("data.reference is none of the levels")
        limit = number(data, "data", "smallest_effect")
        axes.axhspan(by * (centre - limit), by * (centre + limit), color=style.FAINT, alpha=0.6, lw=0)
    colour = "black" if contrast else style.COLOURS[0]  # a difference is no arm's
    axes.plot(places, [by * mean for mean in means], "-", color=colour, lw=0.9)
    rows = []
    for place, (level, limits, values) in zip(places, entries):
        if limits is None:
            axes.plot(place, 0, "D", color=colour, mfc="white", ms=5)
            continue
        axes.plot([beside(place, -0.16)] * len(values), [by * value for value in values], "o", ms=2.6, mfc="none",
                  mec=style.GREY, mew=0.6, alpha=0.8)
        _draw_interval(axes, place, *[by * value for value in limits], colour, "o")
        rows.append([level, "mean", *limits])
        rows += [[level, f"block {n}", value, "", ""] for n, value in enumerate(values, 1)]
    if ratio_scale:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(-0.4, len(levels) - 0.6)
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{level:g}" for level in levels]))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    factor = member(data, "data", "factor", str)
    _set_xlabel(axes, factor[:1].upper() + factor[1:])
    _set_ylabel(axes, _axis(data, suffix))
    _grid(axes)
    return figure, ["level", "row", "value", "lower", "upper"], rows


def heat(data):
    """Means over two factors, printed in their cells; a cell without trials is empty."""
    by, suffix = _scale(data)
    across, down = filled(data, "data", "columns"), filled(data, "data", "rows")
    cells = filled(data, "data", "cells")
    if len(cells) != len(down) or any(len(row) != len(across) for row in cells):
        raise FigureError("data.cells must have a row for each of rows and a cell for each of columns")
    means = [[None if cell is None else interval(cell, f"data.cells[{i}][{j}]")
              for j, cell in enumerate(row)] for i, row in enumerate(cells)]
    seen = [cell[0] for row in means for cell in row if cell]
    if not seen:
        raise FigureError("data.cells are all empty")
    low, high = by * min(seen), by * max(seen)
    wide = len(across) > 4 or (len(across) == 4 and max(len(word) for label in across for word in str(label).split()) > 7)
    figure, axes = plt.subplots(figsize=(style.PAGE if wide else style.COLUMN, 0.9 + 0.4 * len(down)),
                                layout="constrained")
    drawn = numpy.ma.masked_invalid([[float("nan") if cell is None else by * cell[0] for cell in row] for row in means])
    axes.pcolormesh(range(len(across)), range(len(down)), drawn, cmap="cividis", vmin=low,
                    vmax=high if high > low else low + 1, shading="nearest", edgecolors="white", lw=1.2)
    axes.invert_yaxis()
    rows = []
    for i, row in enumerate(means):
        for j, cell in enumerate(row):
            if cell is None:
                axes.text(j, i, "–", ha="center", va="center", color=style.GREY)
                continue
            share = 0 if high == low else (by * cell[0] - low) / (high - low)
            half = by * (cell[2] - cell[1]) / 2
            decimals = 1 if by == 100 else 2
            axes.text(j, i, f"{_printed(by * cell[0], decimals)}\n± {half:.{decimals}f}", ha="center", va="center", fontsize=7.5,
                      color="black" if share > 0.55 else "white", linespacing=1.1)
            rows.append([down[i], across[j], *cell])
    axes.set_xticks(range(len(across)), [_wrapped(str(label), 12) for label in across])
    axes.set_yticks(range(len(down)), [_wrapped(str(label), 14) for label in down])
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    across_label, down_label = (text[:1].upper() + text[1:] for text in
                                (member(data, "data", name, str) for name in ("column_factor", "row_factor")))
    _set_xlabel(axes, across_label)
    _set_ylabel(axes, down_label, 0.3 + 0.4 * len(down))
    axes.set_title(_wrapped(_axis(data, suffix), int(11 * figure.get_figwidth())), loc="left")  # no colour bar: every cell says its number
    lines = axes.get_xlabel().count("\n") + axes.get_title(loc="left").count("\n")
    figure.set_figheight(figure.get_figheight() + 0.14 * lines)
    return figure, ["row", "column", "mean", "lower", "upper"], rows


def distributions(data):
    """All blocks of each arm: quartiles as a box, every block as a point, the mean with its interval beside them."""
    by, suffix = _scale(data)
    entries = list(objects(data, "arms"))
    figure, axes = plt.subplots(figsize=(style.PAGE if len(entries) > 4 else style.COLUMN, 2.5), layout="constrained")
    rows = []
    for i, (place, arm) in enumerate(entries):
        look = _look(arm, place, i)
        colour = look.colour
        name, limits, values = _named(arm, place), interval(arm, place), numbers(arm, place, "values")
        if len(values) < 4:
            raise FigureError(f"{place}.values: a distribution needs four blocks or more")
        scaled = [by * value for value in values]
        axes.boxplot([scaled], positions=[i + 0.02], widths=0.2, showfliers=False, whis=(0, 100), manage_ticks=False,
                     medianprops={"color": colour, "lw": 1.4}, boxprops={"color": colour, "lw": 0.8},
                     whiskerprops={"color": colour, "lw": 0.8}, capprops={"color": colour, "lw": 0.8})
        _draw_blocks(axes, i - 0.27, 0.28, scaled, colour)
        _draw_interval(axes, i + 0.26, *[by * value for value in limits], colour, look.marker, look.fill)
        rows.append([*name, "mean", *limits])
        rows += [[*name, f"block {n}", value, "", ""] for n, value in enumerate(values, 1)]
    axes.set_xticks(range(len(entries)), [_wrapped(arm["label"], 14) for _, arm in entries])
    axes.set_xlim(-0.6, len(entries) - 0.4)
    _set_ylabel(axes, _axis(data, suffix))
    axes.tick_params(axis="x", length=0)
    _grid(axes)
    return figure, ["arm", "label", "row", "value", "lower", "upper"], rows


KINDS = {"dose": dose, "heat": heat, "distributions": distributions}
