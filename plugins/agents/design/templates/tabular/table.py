"""Reads a table from a CSV file and says in one sentence what is wrong with one that cannot be used.

    table = read(path, target="price")      # Refused, with a sentence for people, when it cannot be used
    table.kind                              # "classification" or "regression"
    table.columns                           # {"age": Column, ...}: the features, in the order of the file

A comma, semicolon, tab or bar may separate; the first row names the columns. An empty field, NA, N/A, NaN, null, None
or ? is missing. A column whose fields are all numbers is numeric; any other is text, and its values become indicators.
"""

import csv
import difflib
import hashlib
import io
import math

MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
FEWEST_ROWS = 80
MOST_ROWS = 20000
MOST_COLUMNS = 200
MOST_CATEGORIES = 20
MOST_CLASSES = 12
FEWEST_OF_A_CLASS = 12


class Refused(ValueError):
    """The table cannot be used; the message says why, and what to do."""


class Column:
    """One column: `values` are floats (None where missing) of a numeric one, texts (None) of another."""

    def __init__(self, name, values, numeric):
        self.name, self.values, self.numeric = name, values, numeric


class Table:
    def __init__(self, columns, target, kind, classes, notes):
        self.columns, self.target, self.kind, self.classes, self.notes = columns, target, kind, classes, notes

    def __len__(self):
        return len(self.target)

    def row_hash(self, index):
        fields = [repr(column.values[index]) for column in self.columns.values()] + [repr(self.target[index])]
        return hashlib.sha256("\x1f".join(fields).encode()).digest()


def decode(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def separator_of(text):
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
    best = max(counts, key=counts.get)
    if not counts[best]:
        raise Refused("its first line has no comma, semicolon, tab or bar, so it is no table with several columns")
    return best


def rows_of(text):
    if "\0" in text:
        raise Refused("it holds bytes that no text has; it must be a CSV file, not a workbook or an archive")
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows = []
    try:
        for row in reader:
            if any(field.strip() for field in row):
                rows.append((reader.line_num, [field.strip() for field in row]))
    except csv.Error as error:
        raise Refused(f"line {reader.line_num} cannot be read as CSV: {error}") from error
    if len(rows) < 2:
        raise Refused("it has no rows below its first line")
    return rows, separator


def number(field, comma):
    text = field.replace(".", "").replace(",", ".") if comma and "," in field else field
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def column_names(header):
    for place, name in enumerate(header, 1):
        if not name:
            raise Refused(f"column {place} has no name in the first line")
    if all(number(name, False) is not None for name in header):
        raise Refused("its first line holds numbers; the first line must name the columns")
    seen = set()
    for name in header:
        if name in seen:
            raise Refused(f"two columns are called {name!r}")
        seen.add(name)
    if len(header) > MOST_COLUMNS:
        raise Refused(f"it has {len(header)} columns, more than the {MOST_COLUMNS} that a study takes")
    return header


def column_of(name, fields, lines, comma):
    """A column as numbers when all of it is; text that is nearly all numbers is a mistake, and named as one."""
    given = [None if field.lower() in MISSING else field for field in fields]
    present = [field for field in given if field is not None]
    parsed = [None if field is None else number(field, comma) for field in given]
    good = sum(value is not None for value in parsed)
    if present and good == len(present):
        return Column(name, parsed, True)
    if present and good >= 0.8 * len(present):
        at = next(i for i, field in enumerate(given) if field is not None and parsed[i] is None)
        raise Refused(f"the column {name!r} holds numbers but for {given[at]!r} in line {lines[at]}; correct it, or "
                      "write it as an empty field if it is missing")
    return Column(name, given, False)


def target_of(names, wanted):
    if not wanted:
        raise Refused("say which column to predict with --target; the columns are " + ", ".join(names))
    if wanted in names:
        return wanted
    near = [name for name in names if name.lower() == wanted.lower()] or difflib.get_close_matches(wanted, names, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise Refused(f"it has no column {wanted!r}{hint} The columns are " + ", ".join(names) if hint else
                  f"it has no column {wanted!r}; the columns are " + ", ".join(names))


def classes_of(target):
    """The classes of a target that has few values, in order; None when it is a quantity."""
    distinct = sorted(set(target.values), key=lambda value: (str(type(value)), value))
    if target.numeric and not (len(distinct) <= 10 and all(float(value).is_integer() for value in distinct)):
        return None
    if len(distinct) < 2:
        raise Refused(f"the column to predict, {target.name!r}, has one value only")
    if len(distinct) > MOST_CLASSES:
        raise Refused(f"the column to predict, {target.name!r}, is text with {len(distinct)} values; a study takes at "
                      f"most {MOST_CLASSES} classes, or a column of numbers")
    for value in distinct:
        if target.values.count(value) < FEWEST_OF_A_CLASS:
            raise Refused(f"the value {value!r} of {target.name!r} stands in {target.values.count(value)} rows; each "
                          f"class needs {FEWEST_OF_A_CLASS}: leave those rows out, or join it with another")
    return distinct


def features_of(columns, notes):
    kept = {}
    for column in columns:
        distinct = {value for value in column.values if value is not None}
        if len(distinct) < 2:
            notes.append(f"the column {column.name} is left out: it has no two different values")
            continue
        if not column.numeric and len(distinct) > MOST_CATEGORIES:
            raise Refused(f"the column {column.name!r} is text with {len(distinct)} different values, more than the "
                          f"{MOST_CATEGORIES} that can become indicators; leave it out of the file, or group its values")
        kept[column.name] = column
    if not kept:
        raise Refused("no column is left to predict from")
    return kept


def read(path, target):
    with open(path, "rb") as file:
        rows, separator = rows_of(decode(file.read()))
    names = column_names(rows[0][1])
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise Refused(f"line {line} has {len(row)} fields, the first line {len(names)}")
    wanted, notes = target_of(names, target), []
    place = names.index(wanted)
    body = [(line, row) for line, row in rows[1:] if row[place].lower() not in MISSING]
    if len(body) < len(rows) - 1:
        notes.append(f"{len(rows) - 1 - len(body)} rows are left out: they have no value of {wanted}")
    if len(body) > MOST_ROWS:
        body.sort(key=lambda entry: hashlib.sha256("\x1f".join(entry[1]).encode()).digest())
        notes.append(f"{MOST_ROWS} of the {len(body)} rows are used, chosen by the hash of their content")
        body = sorted(body[:MOST_ROWS])
    if len(body) < FEWEST_ROWS:
        raise Refused(f"it has {len(body)} rows with a value of {wanted!r}; a study needs {FEWEST_ROWS}")
    lines = [line for line, _ in body]
    columns = [column_of(name, [row[i] for _, row in body], lines, separator == ";") for i, name in enumerate(names)]
    classes = classes_of(columns[place])
    features = features_of(columns[:place] + columns[place + 1:], notes)
    return Table(features, columns[place].values, "regression" if classes is None else "classification", classes, notes)
