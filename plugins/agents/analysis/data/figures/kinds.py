"""Kinds of figure; those over levels are in responses.py, the tree in tree.py. Each function takes a figure's data and gives
(figure, header, rows): the drawing, and the table of the numbers in it, unscaled and unrounded, for the CSV file.
Shapes of the data: docs/guide/figures.md.
"""

import textwrap

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator, FormatStrFormatter, LogLocator, MaxNLocator, NullLocator
from scipy import stats

import style
from shapes import FigureError, filled, finite, interval, member, number, numbers, objects

def _scale(data):
    """Factor and suffix of an axis of the metric: fractions are shown in per cent, all else in its unit."""
    return (100, " (%)") if data.get("unit") == "fraction" else (1, _unit(data))


def _unit(data):
    return f" ({data['unit']})" if data.get("unit") else ""


def _contrast_scale(data):
    if data.get("scale", "linear") == "logit":
        return 1, " (log odds)"
    return (100, " (percentage points)") if data.get("unit") == "fraction" else (1, _unit(data))


def _axis(data, suffix):
    text = member(data, "data", "axis", str)
    return text[:1].upper() + text[1:] + suffix


def _printed(value, decimals, sign=""):
    """As the paper's tables print it: a true minus, and no sign where nothing but zeros is left."""
    text = f"{value:{sign}.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.") else text.replace("-", "−")


def _wrapped(text, width):
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) or text


def _label(text, width):
    """On two lines, the second begins after a comma where both fit so: the setting stands below what is compared."""
    commas = [i for i in range(len(text)) if text.startswith(", ", i) and i < width and len(text) - i - 2 <= width]
    return f"{text[:commas[0] + 1]}\n{text[commas[0] + 2:]}" if len(text) > width and commas else _wrapped(text, width)


def _set_ylabel(axes, text, inches=None):
    """On as many lines as a figure of this height, or axes of that one, have room for, rather than cut off."""
    axes.set_ylabel(_wrapped(text, int(11 * (inches or axes.figure.get_figheight()))))


def _set_xlabel(axes, text):
    axes.set_xlabel(_wrapped(text, int(11 * axes.figure.get_figwidth())))


def _named(arm, place):
    return member(arm, place, "id", str), member(arm, place, "label", str)


def _look(arm, place, i):
    """How an arm is drawn: as the data say, else by its place in the figure."""
    for name in ("look", "variant"):
        value = arm.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise FigureError(f"{place}.{name} must be a whole number from zero, not {value!r}")
    return style.Look(arm, i)


def _draw_blocks(axes, x, width, values, colour):
    """A point for each block, side by side in the order of the blocks: no random jitter."""
    axes.plot(_block_places(x, width, len(values)), values, "o", ms=2.6, mfc="none", mec=colour, mew=0.6, alpha=0.8)


def _block_places(x, width, count):
    return [x + width * (i / max(1, count - 1) - 0.5 * (count > 1)) for i in range(count)]


def _draw_interval(axes, x, mean, lower, upper, colour, marker, fill=None):
    axes.plot([x, x], [lower, upper], color=colour, lw=1.6, solid_capstyle="butt")
    axes.plot(x, mean, marker, mec=colour, mfc=fill or colour, ms=5)


def _grid(axes, which="y"):
    axes.grid(True, axis=which, color=style.FAINT, lw=0.4)


def _columns(entries):
    """Of a legend in a column's width."""
    longest = max(len(member(arm, place, "label", str)) for place, arm in entries)
    return min(len(entries), 3 if longest <= 12 else 2 if longest <= 22 else 1)


def _with_legend(entries):
    """A figure and its axes, with room above them for a legend of these arms, where it covers nothing."""
    rows = -(-len(entries) // _columns(entries))
    return plt.subplots(figsize=(style.COLUMN, 2.05 + 0.15 * rows), layout="constrained")


def _legend(axes, entries):
    axes.figure.legend(loc="outside upper center", ncols=_columns(entries), columnspacing=1.0)


def arms(data):
    by, suffix = _scale(data)
    entries = list(objects(data, "arms"))
    # Four long labels do not stand beside each other in a column's width.
    crowded = len(entries) >= 4 and max(len(arm["label"]) for _, arm in entries) > 20
    tested = "difference" in data
    size = (style.PAGE if tested or crowded or len(entries) > 5 else style.COLUMN, 2.3)
    figure, panels = plt.subplots(1, 2 if tested else 1, figsize=size, layout="constrained", squeeze=False,
                                  gridspec_kw={"width_ratios": [2.6, 1] if tested else [1]})
    axes = panels[0][0]
    rows = []
    for i, (place, arm) in enumerate(entries):
        look = _look(arm, place, i)
        name, statistics, values = _named(arm, place), interval(arm, place), numbers(arm, place, "values")
        inwards = -1 if tested and i % 2 == 0 else 1  # of two arms that are joined, intervals stand outside
        _draw_blocks(axes, i - 0.18 * inwards, 0.2, [by * value for value in values], look.colour)
        _draw_interval(axes, i + 0.12 * inwards, *[by * value for value in statistics], look.colour, look.marker, look.fill)
        rows.append([*name, "mean", *statistics])
        rows += [[*name, f"block {n}", value, "", ""] for n, value in enumerate(values, 1)]
    axes.set_xticks(range(len(entries)), [_wrapped(arm["label"], 14) for _, arm in entries])
    axes.set_xlim(-0.6, len(entries) - 0.4)
    _set_ylabel(axes, _axis(data, suffix))
    axes.tick_params(axis="x", length=0)
    _grid(axes)
    if tested:
        _join_blocks(axes, [[by * value for value in numbers(arm, place, "values")] for place, arm in entries])
        rows += _draw_tested(panels[0][1], data)
    return figure, ["arm", "label", "row", "value", "lower", "upper"], rows


def _join_blocks(axes, arms):
    """A line from each block of an arm to the same block of the arm beside it: arms stand in pairs, one for each condition."""
    for i in range(0, len(arms) - 1, 2):
        places = [_block_places(place, 0.2, len(values)) for place, values in ((i + 0.18, arms[i]), (i + 0.82, arms[i + 1]))]
        for line in zip(*places, arms[i], arms[i + 1]):
            axes.plot(line[:2], line[2:], "-", color=style.GREY, lw=0.4, alpha=0.6, zorder=0)


def _draw_tested(axes, data):
    """What is tested of all arms together, block by block; its rows for the CSV."""
    contrast = member(data, "data", "difference", dict)
    each, statistics = numbers(contrast, "data.difference", "values"), interval(contrast, "data.difference")
    name, limit = member(contrast, "data.difference", "label", str), number(data, "data", "smallest_effect")
    _draw_differences(axes, data, each, statistics, limit, name[:1].upper() + name[1:])
    axes.set_xticks([0], [_wrapped(member(contrast, "data.difference", "under", str), 24)])
    return ([["", name, "mean", *statistics]] + [["", name, f"block {n}", value, "", ""] for n, value in enumerate(each, 1)]
            + [["", name, "smallest_effect", limit, "", ""]])


def paired(data):
    sides = [member(data, "data", name, dict) for name in ("baseline", "treatment", "difference")]
    before, after, each = (numbers(side, f"data.{name}", "values")
                           for side, name in zip(sides, ("baseline", "treatment", "difference")))
    if not before or not len(before) == len(after) == len(each):
        raise FigureError("data: baseline, treatment and difference must have a value for each block")
    labels = [member(sides[0], "data.baseline", "label", str), member(sides[1], "data.treatment", "label", str)]
    mean, lower, upper = interval(sides[2], "data.difference")
    limit = number(data, "data", "smallest_effect")

    ratios = {"width_ratios": [1.25, 1]}
    figure, (left, right) = plt.subplots(1, 2, figsize=(style.COLUMN, 2.2), gridspec_kw=ratios, layout="constrained")
    looks = [_look(sides[i], f"data.{name}", i) for i, name in enumerate(("baseline", "treatment"))]
    _draw_pairs(left, data, before, after, labels, looks)
    _draw_differences(right, data, each, (mean, lower, upper), limit)
    right.set_xticks([0], [_wrapped(f"{labels[1]} − {labels[0]}", 15)])
    rows = [[n, *values] for n, values in enumerate(zip(before, after, each), 1)]
    rows += [[name, "", "", value] for name, value in
             (("mean", mean), ("lower", lower), ("upper", upper), ("smallest_effect", limit))]
    return figure, ["block", "baseline", "treatment", "difference"], rows


def _draw_pairs(axes, data, before, after, labels, looks):
    by, suffix = _scale(data)
    for pair in zip(before, after):
        axes.plot([0, 1], [by * value for value in pair], "-", color=style.GREY, lw=0.7, alpha=0.8)
    for i, (values, look) in enumerate(zip((before, after), looks)):
        axes.plot([i] * len(values), [by * value for value in values], look.marker, mec=look.colour, mfc=look.fill, ms=3.6)
    axes.set_xticks([0, 1], [_wrapped(label, 8) for label in labels])
    axes.set_xlim(-0.3, 1.3)
    _set_ylabel(axes, _axis(data, suffix))
    axes.tick_params(axis="x", length=0)
    _grid(axes)


def _draw_differences(axes, data, each, statistics, limit, name="Difference"):
    by, suffix = _contrast_scale(data)
    axes.axhspan(-by * limit, by * limit, color=style.FAINT, alpha=0.6, lw=0)
    axes.axhline(0, color=style.GREY, lw=0.6)
    _draw_blocks(axes, -0.16, 0.24, [by * value for value in each], style.GREY)
    _draw_interval(axes, 0.14, *[by * value for value in statistics], "black", "D")
    axes.margins(y=0.08)
    axes.set_xlim(-0.45, 0.35)
    _set_ylabel(axes, name + suffix.replace("percentage points", "points"))  # beside an axis in per cent
    axes.tick_params(axis="x", length=0)


def forest(data):
    by, suffix = _contrast_scale(data)
    entries = list(objects(data, "rows"))
    limit = number(data, "data", "smallest_effect")
    # The narrowest of the widths at which fewest labels leave a last word alone on its line.
    labels = min(([_label(row["label"], width) for _, row in entries] for width in range(48, 57, 2)),
                 key=lambda labels: sum(" " not in label.rpartition("\n")[2] for label in labels if "\n" in label))
    heights = [0.175 + 0.125 * label.count("\n") for label in labels]  # inches: a row is as high as its label
    places = [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]
    figure, axes = plt.subplots(figsize=(style.PAGE, 0.8 + sum(heights)), layout="constrained")
    axes.axvspan(-by * limit, by * limit, color=style.FAINT, alpha=0.6, lw=0)
    axes.axvline(0, color=style.GREY, lw=0.6)
    rows, seen = [], []
    for y, (place, row) in zip(places, entries):
        verdict, statistics, n = row.get("verdict") or "", interval(row, place), number(row, place, "n")
        if verdict not in style.VERDICTS:
            raise FigureError(f"{place}.verdict {verdict!r} is unknown")
        seen.append(verdict)
        printed = _told(row, place) or [_printed(by * value, 1 if by == 100 else 2, "+") for value in statistics]
        _draw_contrast(axes, y, [by * value for value in statistics], verdict, printed, n)
        rows.append([*_named(row, place), verdict, n, *statistics, limit])
    cut = _end_axis(axes, data, places, [[by * value for value in interval(row, place)] for place, row in entries], by)
    axes.set_yticks(places, labels, fontsize=7, linespacing=1.2)
    axes.set_ylim(sum(heights), 0)
    axes.tick_params(axis="y", length=0, pad=7)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(_axis(data, suffix))
    handles = _forest_handles(seen) + cut
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles) if len(handles) <= 4 else 3,
                  columnspacing=1.2)
    return figure, ["id", "label", "verdict", "n", "mean", "lower", "upper", "smallest_effect"], rows


def _told(row, place):
    """Mean and ends as the paper's tables print them, where the data have them: a figure must not round otherwise."""
    printed = row.get("printed")
    if printed is None:
        return None
    if not isinstance(printed, list) or len(printed) != 3 or not all(isinstance(text, str) for text in printed):
        raise FigureError(f"{place}.printed must be three texts, not {printed!r}")
    return [text.replace("-", "−") for text in printed]


def _draw_contrast(axes, y, statistics, verdict, printed, n):
    """A claim's contrast is thick, in its verdict's colour; an exploratory one thin and hollow."""
    mean, lower, upper = statistics
    colour, marker = style.VERDICTS[verdict] if verdict else ("black", "o")
    axes.plot([lower, upper], [y, y], color=colour, lw=2.0 if verdict else 1.1, solid_capstyle="butt")
    axes.plot(mean, y, marker, mec=colour, mfc=colour if verdict else "white", ms=5 if verdict else 4, mew=1)
    axes.annotate(f"{printed[0]} [{printed[1]}, {printed[2]}]  n = {n:g}", (1, y), xycoords=("axes fraction", "data"),
                  xytext=(8, 0), textcoords="offset points", va="center", fontsize=7)


def _end_axis(axes, data, places, intervals, by):
    """Ends the axis where the data say (`range`), with an arrow where an interval goes on, else beyond all that is drawn;
    what the legend says of it."""
    if data.get("range") is None:
        axes.margins(x=0.06)
        return []
    ends = [by * end for end in numbers(data, "data", "range")]
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise FigureError(f"data.range must be two numbers in order, not {data['range']!r}")
    left, right = ends
    axes.set_xlim(left, right)
    cut = []
    for y, (_, lower, upper) in zip(places, intervals):
        cut += [(left, y, "<")] * (lower < left) + [(right, y, ">")] * (upper > right)
    for x, y, marker in cut:
        axes.plot(x, y, marker, color="black", ms=4, clip_on=False)
    return [Line2D([], [], ls="", color="black", marker=">", ms=4, label="the interval goes on")] if cut else []


def _forest_handles(seen):
    handles = [Patch(color=style.FAINT, alpha=0.6, lw=0, label="below the smallest effect of interest")]
    if "" in seen:
        handles.append(Line2D([], [], color="black", marker="o", mfc="white", lw=1.1, ms=4, label="exploratory"))
    for verdict, (colour, marker) in style.VERDICTS.items():
        if verdict and verdict in seen:
            handles.append(Line2D([], [], color=colour, marker=marker, lw=2, ms=5, label=verdict))
    return handles


def _curve_points(arm, place):
    """[step, mean, lower, upper] of an arm: given, or from its blocks' curves with 95 % t intervals of the mean."""
    if "points" in arm:
        points = [[finite(value, f"{place}.points") for value in point] for point in filled(arm, place, "points")]
        if any(len(point) != 4 for point in points):
            raise FigureError(f"{place}.points: each must be [step, mean, lower, upper]")
        return points
    where = f"{place}.blocks"
    blocks = [{finite(step, where): finite(value, where) for step, value in curve}
              for curve in filled(arm, place, "blocks")]
    points = []
    for step in sorted(set.intersection(*map(set, blocks))):
        values = [block[step] for block in blocks]
        mean, half = sum(values) / len(values), 0.0
        if len(values) > 1:
            variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
            half = float(stats.t.ppf(0.975, len(values) - 1)) * (variance / len(values)) ** 0.5
        points.append([step, mean, mean - half, mean + half])
    if not points:
        raise FigureError(f"{where} have no step in common")
    return points


def curves(data):
    by, suffix = _scale(data)
    rows, entries = [], list(objects(data, "arms"))
    figure, axes = _with_legend(entries)
    for i, (place, arm) in enumerate(entries):
        look = _look(arm, place, i)
        name, points = _named(arm, place), _curve_points(arm, place)
        steps, (means, lowers, uppers) = [p[0] for p in points], [[by * p[k] for p in points] for k in (1, 2, 3)]
        axes.fill_between(steps, lowers, uppers, color=look.colour, alpha=0.18, lw=0)
        axes.plot(steps, means, linestyle=look.line, color=look.colour, label=name[1])
        rows += [[*name, *point] for point in points]
    if data.get("logarithmic") and min(min(row[3:]) for row in rows) > 0:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(data.get("step_axis") or "Optimiser step")
    _set_ylabel(axes, _axis(data, suffix))
    _grid(axes, "both")
    _legend(axes, entries)
    return figure, ["arm", "label", "step", "mean", "lower", "upper"], rows


def _on_ratio_scale(data, levels, least):
    """Whether levels stand on a logarithmic axis: as the data say, else where three or more span so many times."""
    fits = len(levels) > 2 and levels[0] > 0
    return fits and bool(data.get("logarithmic", levels[-1] / levels[0] >= least))


def sizes(data):
    by, suffix = _scale(data)
    entries = list(objects(data, "arms"))
    cells = [sorted((number(cell, f"{place}.levels", "level"), *interval(cell, f"{place}.levels"))
                    for cell in filled(arm, place, "levels")) for place, arm in entries]
    levels = sorted({cell[0] for arm_cells in cells for cell in arm_cells})
    ratio_scale = _on_ratio_scale(data, levels, 4)
    figure, axes = _with_legend(entries)
    rows = []
    for i, ((place, arm), arm_cells) in enumerate(zip(entries, cells)):
        look = _look(arm, place, i)
        name = _named(arm, place)
        aside = (i - (len(entries) - 1) / 2) * 0.06  # arms side by side, so that intervals stay apart
        xs = [level * (1 + aside) if ratio_scale else levels.index(level) + aside for level, *_ in arm_cells]
        for x, (_, _, lower, upper) in zip(xs, arm_cells):
            axes.plot([x, x], [by * lower, by * upper], color=look.colour, lw=1.1, solid_capstyle="butt")
        axes.plot(xs, [by * cell[1] for cell in arm_cells], marker=look.marker, mfc=look.fill, linestyle=look.line,
                  color=look.colour, label=name[1])
        rows += [[*name, *cell] for cell in arm_cells]
    if ratio_scale:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator(levels if ratio_scale else range(len(levels))))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{level:g}" for level in levels]))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    factor = member(data, "data", "factor", str)
    _set_xlabel(axes, factor[:1].upper() + factor[1:])
    _set_ylabel(axes, _axis(data, suffix))
    _grid(axes)
    _legend(axes, entries)
    return figure, ["arm", "label", "level", "mean", "lower", "upper"], rows


KINDS = {"arms": arms, "paired": paired, "forest": forest, "curves": curves, "sizes": sizes}
