"""Reading of a figure's data, with errors that name the place. The shapes are in docs/guide/figures.md."""

import math


class FigureError(ValueError):
    """A member of a figure's data is missing or wrong."""


def member(holder, place, name, kind):
    value = holder.get(name)
    if not isinstance(value, kind):
        raise FigureError(f"{place}.{name} must be {'text' if kind is str else kind.__name__}, not {value!r}")
    return value


def filled(holder, place, name):
    """A list that has at least one entry."""
    entries = member(holder, place, name, list)
    if not entries:
        raise FigureError(f"{place}.{name} is empty")
    return entries


def finite(value, place):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FigureError(f"{place} must be a finite number, not {value!r}")
    return value


def number(holder, place, name):
    return finite(holder.get(name), f"{place}.{name}")


def optional_number(holder, place, name):
    return None if holder.get(name) is None else number(holder, place, name)


def numbers(holder, place, name):
    return [finite(value, f"{place}.{name}[{i}]") for i, value in enumerate(member(holder, place, name, list))]


def interval(holder, place):
    """mean, lower and upper, in order."""
    mean, lower, upper = (number(holder, place, name) for name in ("mean", "lower", "upper"))
    if not lower <= mean <= upper:
        raise FigureError(f"{place}: lower <= mean <= upper does not hold for {lower}, {mean}, {upper}")
    return mean, lower, upper


def objects(data, name):
    """(place, entry) of each entry of a list of objects."""
    for i, entry in enumerate(filled(data, "data", name)):
        if not isinstance(entry, dict):
            raise FigureError(f"data.{name}[{i}] must be an object")
        yield f"data.{name}[{i}]", entry
