"""The six kinds of figure. Each function takes a figure's data and gives (figure, header, rows): the drawing, and
the table of the numbers in it, unscaled and unrounded, for the CSV file. Shapes: docs/guide/figures.md.
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
    """Factor and suffix of an axis of the metric: fractions are shown in per cent."""
    return (100, " (%)") if data.get("unit") == "fraction" else (1, "")


def _contrast_scale(data):
    if data.get("scale", "linear") == "logit":
        return 1, " (log odds)"
    return (100, " (percentage points)") if data.get("unit") == "fraction" else (1, "")


def _sentence(text):
    return text[:1].upper() + text[1:]


def _wrapped(text, width):
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def _spread(count, width):
    """Offsets of `count` points side by side, in the order of the blocks: no random jitter."""
    return [0.0] if count < 2 else [width * (i / (count - 1) - 0.5) for i in range(count)]


def _bar(axes, x, low, high, **kind):
    """An interval without caps, drawn at x (vertical)."""
    axes.plot([x, x], [low, high], solid_capstyle="butt", **kind)


def arms(data):
    by, suffix = _scale(data)
    entries = list(objects(data, "arms"))
    figure, axes = plt.subplots(figsize=(style.COLUMN if len(entries) <= 5 else style.PAGE, 2.3))
    rows = []
    for i, (place, arm) in enumerate(entries):
        colour, marker, _ = style.arm_style(i)
        mean, lower, upper = interval(arm, place)
        values = numbers(arm, place, "values")
        axes.plot([i - 0.18 + x for x in _spread(len(values), 0.2)], [by * v for v in values], "o", ms=2.6, mfc="none", mec=colour, mew=0.6, alpha=0.8)
        _bar(axes, i + 0.12, by * lower, by * upper, color=colour, lw=1.6)
        axes.plot(i + 0.12, by * mean, marker, color=colour, ms=5)
        label, identity = member(arm, place, "label", str), member(arm, place, "id", str)
        rows += [[identity, label, "mean", mean, lower, upper]] + [[identity, label, f"block {n}", v, "", ""] for n, v in enumerate(values, 1)]
    axes.set_xticks(range(len(entries)), [_wrapped(arm["label"], 14) for _, arm in entries])
    axes.set_xlim(-0.6, len(entries) - 0.4)
    axes.set_ylabel(_sentence(member(data, "data", "axis", str)) + suffix)
    axes.yaxis.grid(True, color=style.FAINT, lw=0.4)
    axes.tick_params(axis="x", length=0)
    return figure, ["arm", "label", "row", "value", "lower", "upper"], rows


def paired(data):
    by, suffix = _scale(data)
    contrast_by, contrast_suffix = _contrast_scale(data)
    baseline, treatment, difference = (member(data, "data", name, dict) for name in ("baseline", "treatment", "difference"))
    before, after = numbers(baseline, "data.baseline", "values"), numbers(treatment, "data.treatment", "values")
    each = numbers(difference, "data.difference", "values")
    if not before or not len(before) == len(after) == len(each):
        raise FigureError("data: baseline, treatment and difference must have a value for each block")
    mean, lower, upper = interval(difference, "data.difference")
    limit = number(data, "data", "smallest_effect")
    labels = [member(side, f"data.{name}", "label", str) for side, name in ((baseline, "baseline"), (treatment, "treatment"))]

    figure, (left, right) = plt.subplots(1, 2, figsize=(style.COLUMN, 2.4), gridspec_kw={"width_ratios": [1.25, 1]})
    for low, high in zip(before, after):
        left.plot([0, 1], [by * low, by * high], "-", color=style.GREY, lw=0.7, alpha=0.8)
    for i, values in enumerate((before, after)):
        colour, marker, _ = style.arm_style(i)
        left.plot([i] * len(values), [by * v for v in values], marker, color=colour, ms=3.6)
    left.set_xticks([0, 1], [_wrapped(label, 10) for label in labels])
    left.set_xlim(-0.3, 1.3)
    left.set_ylabel(_sentence(member(data, "data", "axis", str)) + suffix)
    left.yaxis.grid(True, color=style.FAINT, lw=0.4)

    right.axhspan(-contrast_by * limit, contrast_by * limit, color=style.FAINT, alpha=0.6, lw=0)
    right.axhline(0, color=style.GREY, lw=0.6)
    right.plot([-0.16 + x for x in _spread(len(each), 0.24)], [contrast_by * v for v in each], "o", ms=2.6, mfc="none", mec=style.GREY, mew=0.6)
    _bar(right, 0.14, contrast_by * lower, contrast_by * upper, color="black", lw=1.6)
    right.plot(0.14, contrast_by * mean, "D", color="black", ms=4.5)
    right.set_xlim(-0.45, 0.35)
    right.set_xticks([0], [_wrapped(f"{labels[1]} − {labels[0]}", 14)])
    right.set_ylabel("Difference" + contrast_suffix)
    for axes in (left, right):
        axes.tick_params(axis="x", length=0)
    rows = [[n, b, a, d] for n, (b, a, d) in enumerate(zip(before, after, each), 1)]
    rows += [["mean", "", "", mean], ["lower", "", "", lower], ["upper", "", "", upper], ["smallest_effect", "", "", limit]]
    return figure, ["block", "baseline", "treatment", "difference"], rows


def forest(data):
    by, suffix = _contrast_scale(data)
    entries = list(objects(data, "rows"))
    limit = number(data, "data", "smallest_effect")
    figure, axes = plt.subplots(figsize=(style.PAGE, 0.75 + 0.24 * len(entries)))
    axes.axvspan(-by * limit, by * limit, color=style.FAINT, alpha=0.6, lw=0)
    axes.axvline(0, color=style.GREY, lw=0.6)
    table, seen = [], []
    for i, (place, row) in enumerate(entries):
        mean, lower, upper = interval(row, place)
        verdict = row.get("verdict") or ""
        if verdict not in style.VERDICTS:
            raise FigureError(f"{place}.verdict {verdict!r} is unknown")
        colour, marker = style.VERDICTS[verdict] if verdict else ("black", "o")
        seen += [verdict] if verdict and verdict not in seen else []
        axes.plot([by * lower, by * upper], [i, i], color=colour, lw=2.0 if verdict else 1.1, solid_capstyle="butt")
        axes.plot(by * mean, i, marker, mec=colour, mfc=colour if verdict else "white", ms=5 if verdict else 4, mew=1)
        note = f"{by * mean:+.{1 if by == 100 else 2}f} [{by * lower:+.{1 if by == 100 else 2}f}, {by * upper:+.{1 if by == 100 else 2}f}]".replace("-", "−")
        axes.annotate(f"{note}  n = {int(number(row, place, 'n'))}", (1, i), xycoords=("axes fraction", "data"), xytext=(4, 0),
                      textcoords="offset points", va="center", fontsize=7)
        table.append([member(row, place, "id", str), member(row, place, "label", str), verdict, row["n"], mean, lower, upper, limit])
    axes.set_yticks(range(len(entries)), [_shortened(row["label"], 44) for _, row in entries])
    axes.set_ylim(len(entries) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(_sentence(member(data, "data", "axis", str)) + suffix)
    handles = [Line2D([], [], color=style.VERDICTS[v][0], marker=style.VERDICTS[v][1], lw=2, ms=5, label=v) for v in seen]
    if len(seen) and any(not row.get("verdict") for _, row in entries):
        handles.append(Line2D([], [], color="black", marker="o", mfc="white", lw=1.1, ms=4, label="exploratory"))
    handles.append(Patch(color=style.FAINT, alpha=0.6, lw=0, label="smaller than the smallest effect of interest"))
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), columnspacing=1.2)
    return figure, ["id", "label", "verdict", "n", "mean", "lower", "upper", "smallest_effect"], table


def _shortened(text, length):
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _curve_points(arm, place):
    """[step, mean, lower, upper] of an arm: given, or from its blocks' curves with 95 % t intervals of the mean."""
    if "points" in arm:
        points = [[finite(x, f"{place}.points[{i}]") for x in point] for i, point in enumerate(filled(arm, place, "points"))]
        if any(len(point) != 4 for point in points):
            raise FigureError(f"{place}.points: each must be [step, mean, lower, upper]")
        return points
    blocks = [dict((finite(step, place), finite(value, place)) for step, value in curve) for curve in filled(arm, place, "blocks")]
    points = []
    for step in sorted(set.intersection(*(set(block) for block in blocks))):
        values = [block[step] for block in blocks]
        mean, half = sum(values) / len(values), 0.0
        if len(values) > 1:
            variance = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
            half = stats.t.ppf(0.975, len(values) - 1) * (variance / len(values)) ** 0.5
        points.append([step, mean, mean - half, mean + half])
    if not points:
        raise FigureError(f"{place}.blocks have no step in common")
    return points


def curves(data):
    by, suffix = _scale(data)
    figure, axes = plt.subplots(figsize=(style.COLUMN, 2.3))
    rows, least = [], float("inf")
    entries = list(objects(data, "arms"))
    for i, (place, arm) in enumerate(entries):
        colour, _, line = style.arm_style(i)
        points = _curve_points(arm, place)
        steps, means, lowers, uppers = ([factor * point[k] for point in points] for k, factor in enumerate((1, by, by, by)))
        axes.fill_between(steps, lowers, uppers, color=colour, alpha=0.18, lw=0)
        axes.plot(steps, means, linestyle=line, color=colour, label=member(arm, place, "label", str))
        least = min(least, *lowers, *means)
        rows += [[member(arm, place, "id", str), arm["label"], *point] for point in points]
    if data.get("logarithmic") and least > 0:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(_sentence(data.get("step_axis") or "optimiser step"))
    axes.set_ylabel(_sentence(member(data, "data", "axis", str)) + suffix)
    axes.grid(True, color=style.FAINT, lw=0.4)
    _legend(axes, len(entries))
    return figure, ["arm", "label", "step", "mean", "lower", "upper"], rows


def _legend(axes, count):
    """Inside while there is room for it, above the axes when there are many arms."""
    if count <= 4:
        axes.legend(loc="best")
    else:
        axes.figure.legend(loc="outside upper center", ncols=3, columnspacing=1.0)


def sizes(data):
    by, suffix = _scale(data)
    entries = list(objects(data, "arms"))
    levels = sorted({number(cell, f"{place}.levels", "level") for place, arm in entries for cell in filled(arm, place, "levels")})
    logarithmic = len(levels) > 2 and levels[0] > 0 and levels[-1] / levels[0] >= 4
    place_of = {level: (level if logarithmic else k) for k, level in enumerate(levels)}
    figure, axes = plt.subplots(figsize=(style.COLUMN, 2.4))
    rows = []
    for i, (place, arm) in enumerate(entries):
        colour, marker, line = style.arm_style(i)
        aside = (i - (len(entries) - 1) / 2) * 0.06  # arms side by side, so that intervals stay apart
        cells = sorted((cell["level"], *interval(cell, f"{place}.levels")) for cell in arm["levels"])
        xs = [place_of[level] * (1 + aside) if logarithmic else place_of[level] + aside for level, *_ in cells]
        for x, (_, _, lower, upper) in zip(xs, cells):
            _bar(axes, x, by * lower, by * upper, color=colour, lw=1.1)
        axes.plot(xs, [by * mean for _, mean, _, _ in cells], marker=marker, linestyle=line, color=colour, ms=4, label=member(arm, place, "label", str))
        rows += [[member(arm, place, "id", str), arm["label"], *cell] for cell in cells]
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator([place_of[level] for level in levels]))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{level:g}" for level in levels]))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel(_sentence(member(data, "data", "factor", str)))
    axes.set_ylabel(_sentence(member(data, "data", "axis", str)) + suffix)
    axes.yaxis.grid(True, color=style.FAINT, lw=0.4)
    _legend(axes, len(entries))
    return figure, ["arm", "label", "level", "mean", "lower", "upper"], rows


KINDS = {"arms": arms, "paired": paired, "forest": forest, "curves": curves, "sizes": sizes}
