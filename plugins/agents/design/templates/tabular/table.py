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
import re
import sys

import splitting

MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
FEWEST_ROWS = 80
FEWEST_OF_A_SPLIT = 16
FEWEST_DIFFERENT_OF_A_SPLIT = 4
MOST_ROWS = 20000
MOST_COLUMNS = 200
MOST_CATEGORIES = 20
MOST_CLASSES = 12
FEWEST_OF_A_CLASS = 12
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MOST_NAMED = 12
LONGEST_IN_A_MESSAGE = 60
# What would make a name run into the others of a list.
AMBIGUOUS = re.compile("[,;:\"'\u201c\u201d\u2018\u2019]| and ")
# Python's float() also reads "1_2" and the digits of other scripts, which are labels more often than numbers.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
END = "\x1a"  # a row of its own behind the last one; a quotation mark that is not closed swallows it


class Refused(ValueError):
    """The table cannot be used; the message says why, and what to do."""


def brief(text):
    """A name or value in quotation marks, as messages show one."""
    return repr(text if len(text) <= LONGEST_IN_A_MESSAGE else text[:LONGEST_IN_A_MESSAGE - 1] + "\u2026")


def named(name):
    """A name as lists hold it: in quotation marks where it could be taken for several, or for a part of the list."""
    return f"\u201c{name}\u201d" if AMBIGUOUS.search(name) else name


def listed(names):
    """In a sentence, at most MOST_NAMED of them by name."""
    more = len(names) - MOST_NAMED
    names = [named(name) for name in names]
    if more > 1:
        names = names[:MOST_NAMED] + [f"{more} more"]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]


def rows_in_words(count):
    return f"{count} row" if count == 1 else f"{count} rows"


def class_name(value):
    """A class as the file has it: those that are numbers are whole ones."""
    return str(int(value)) if isinstance(value, float) else value


class Column:
    """One column: `values` are floats (None where missing) of a numeric one, texts (None) of another. `sign` is that
    of its decimals, where it has any; `doubtful` a field in which that sign may as well divide thousands."""

    def __init__(self, name, values, numeric, sign=None, doubtful=None):
        self.name, self.values, self.numeric, self.sign, self.doubtful = name, values, numeric, sign, doubtful


class Table:
    def __init__(self, columns, target, kind, classes, notes):
        self.columns, self.target, self.kind, self.classes, self.notes = columns, target, kind, classes, notes

    def __len__(self):
        return len(self.target)

    def row_hash(self, index):
        fields = [repr(column.values[index]) for column in self.columns.values()] + [repr(self.target[index])]
        return hashlib.sha256("\x1f".join(fields).encode()).digest()

    def row_hashes(self):
        return [self.row_hash(i) for i in range(len(self))]


def planned_sizes(rows):
    """A half of the rows to learn from, a quarter each for validation and confirmation."""
    return {"train": rows // 2, "validation": rows // 4, "confirmation": rows - rows // 2 - rows // 4}


def splits_of(hashes):
    """Indices of the three splits; equal rows land in one, so the sizes need not be those that are planned."""
    planned = planned_sizes(len(hashes))
    return splitting.split_by_digests(hashes, planned["train"], planned["validation"])


def decode(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def separator_of(text):
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: first.count(mark) for mark in MARKS}
    best = max(counts, key=counts.get)
    if not counts[best]:
        raise Refused("its first line has no comma, semicolon, tab or bar, so it is no table with several columns; "
                      "name there the column to predict and those to predict it from, with one of these between them")
    return best


def rows_of(text):
    """The rows that are not blank, each with the line it begins in and the one it ends in; and the separator."""
    if "\0" in text:
        raise Refused("it holds bytes that no text has; it must be a CSV file, not a workbook or an archive: save the "
                      "table as CSV")
    if not text.strip():
        raise Refused("it is empty; give a CSV file whose first line names the columns, and whose other lines are rows")
    text = text.rstrip("\x1a")  # the end mark of DOS
    separator = separator_of(text)
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(f"{text}\n{END}", newline=""), delimiter=separator, skipinitialspace=True)
    rows, begins, row = [], 1, []
    try:
        for row in reader:
            if any(field.strip() for field in row):
                rows.append((begins, reader.line_num, [field.strip() for field in row]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"line {reader.line_num} cannot be read as CSV ({error}); correct this line") from error
    if row != [END]:
        opened = reader.line_num - len(re.findall("\r\n|\r|\n", row[-1]))
        raise Refused(f"a quotation mark is opened in line {opened} and never closed; close it, or take it out")
    if len(rows) < 3:
        raise Refused(f"it has no rows below its first line; a study needs {FEWEST_ROWS} with a value to predict")
    return rows[:-1], separator


def check_length(row, names, separator):
    begins, ends, fields = row
    if len(fields) == len(names):
        return
    counts = f"{len(fields)} field{'' if len(fields) == 1 else 's'}, the first line {len(names)}"
    if ends > begins:
        raise Refused(f"the row from line {begins} to line {ends} has {counts}; a quotation mark in line {begins} may "
                      "not be closed where it should be: close it, or take it out")
    raise Refused(f"line {begins} has {counts}; leave a field empty where a value is missing, and put one that holds a "
                  f"{MARKS[separator]} in quotation marks")


def number(field, decimal=None):
    """The value of a field, or None. With a sign of decimals ("," or "."), the other one may divide it into threes."""
    if decimal:
        other = "." if decimal == "," else ","
        if other in field and not re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{other}\d{{3}})+(\{decimal}\d*)?", field):
            return None
        field = field.replace(other, "").replace(decimal, ".")
    if not NUMBER.fullmatch(field.strip()):
        return None
    value = float(field)
    return value if math.isfinite(value) else None


def decimal_sign(fields):
    """The sign of decimals of a column in a file of semicolons: the one by which more of its fields are numbers. Of two
    that fit alike it is a comma where there are commas, else a point."""
    commas = any("," in field for field in fields)
    return max(",." if commas else ".,", key=lambda sign: sum(number(field, sign) is not None for field in fields))


def column_names(header):
    for place, name in enumerate(header, 1):
        if not name:
            raise Refused(f"column {place} has no name in the first line; name it, or leave the column out of the file")
    if all(number(name) is not None for name in header):
        raise Refused("its first line holds numbers; the first line must name the columns: put such a line before it")
    seen = set()
    for name in header:
        if name in seen:
            raise Refused(f"two columns are called {brief(name)}; rename one of them, or leave it out of the file")
        seen.add(name)
    if len(header) > MOST_COLUMNS:
        raise Refused(f"it has {len(header)} columns, more than the {MOST_COLUMNS} that a study takes; leave those out "
                      "that the question is least about")
    return header


def column_of(name, fields, lines, semicolons):
    """A column as numbers when all of it is; text that is nearly all numbers is a mistake, and named as one."""
    given = [None if field.lower() in MISSING else field for field in fields]
    present = [field for field in given if field is not None]
    sign = decimal_sign(present) if semicolons else None
    parsed = [None if field is None else number(field, sign) for field in given]
    good = sum(value is not None for value in parsed)
    if present and good == len(present):
        signed = sign and any("," in field or "." in field for field in present)
        readings = [(number(field, ","), number(field, ".")) for field in present] if signed else []
        doubtful = next((field for field, (one, other) in zip(present, readings) if one != other), None)
        either = all(None not in reading for reading in readings)
        return Column(name, parsed, True, sign if signed else None, doubtful if either else None)
    if present and good >= 0.8 * len(present):
        at = next(i for i, field in enumerate(given) if field is not None and parsed[i] is None)
        raise Refused(f"the column {brief(name)} holds numbers but for {brief(given[at])} in line {lines[at]}; correct "
                      "it, or write it as an empty field if it is missing")
    return Column(name, given, False)


def check_decimals(columns, notes):
    """A sign that may divide thousands is taken for that of decimals, if no column certainly has the other, and told."""
    certain = {column.sign for column in columns if column.sign and column.doubtful is None}
    for column in columns:
        if column.doubtful is None:
            continue
        name, other = ("point", "commas") if column.sign == "." else ("comma", "points")
        if certain - {column.sign}:
            raise Refused(f"the column {brief(column.name)} holds values such as {brief(column.doubtful)}, whose {name} may "
                          f"divide thousands or be a decimal {name}, as other columns have decimal {other}; write its "
                          f"numbers without a sign for thousands, and with decimal {other}")
        notes.append(f"the {name} in values of the column {named(column.name)} such as {column.doubtful} is read as a "
                     f"decimal {name}, and not as one that divides thousands")


def target_of(names, wanted):
    columns = "columns are " + ", ".join(map(named, names))
    if not wanted:
        raise Refused(f"say which column to predict with --target; the {columns}")
    if wanted in names:
        return wanted
    near = [name for name in names if name.lower() == wanted.lower()] or difflib.get_close_matches(wanted, names, 1)
    hint = f"; did you mean {brief(near[0])}? The" if near else "; the"
    raise Refused(f"it has no column {brief(wanted)}{hint} {columns}")


def classes_of(target):
    """The classes of a target that has few values, in order; None when it is a quantity."""
    distinct = sorted(set(target.values), key=lambda value: (str(type(value)), value))
    if target.numeric and not (len(distinct) <= 10 and all(float(value).is_integer() for value in distinct)):
        return None
    called, given = brief(target.name), target.values
    if len(distinct) < 2:
        raise Refused(f"the column to predict, {called}, has one value only; predict another one with --target, or "
                      "add rows with other values")
    if len(distinct) > MOST_CLASSES:
        raise Refused(f"the column to predict, {called}, is text with {len(distinct)} values, more than the "
                      f"{MOST_CLASSES} classes that a study takes; group its values, or predict a column of numbers")
    for value in distinct:
        if given.count(value) < FEWEST_OF_A_CLASS:
            few = rows_in_words(given.count(value))
            raise Refused(f"the value {brief(class_name(value))} of {called} stands in {few}; each class needs "
                          f"{FEWEST_OF_A_CLASS}: leave those rows out, or join it with another")
    return distinct


def features_of(columns, notes):
    kept, alike = {}, []
    for column in columns:
        distinct = {value for value in column.values if value is not None}
        if len(distinct) < 2:
            alike.append(column.name)
            continue
        if not column.numeric and len(distinct) > MOST_CATEGORIES:
            raise Refused(f"the column {brief(column.name)} is text with {len(distinct)} different values, more than "
                          f"the {MOST_CATEGORIES} that can become indicators; leave it out of the file, or group its "
                          "values")
        kept[column.name] = column
    if not kept:
        raise Refused("no column is left to predict from, as none has two different values in the rows that are used; "
                      "give a table with columns that vary from row to row")
    if alike:
        columns, have = ("column", "is left out: it has") if len(alike) == 1 else ("columns", "are left out: they have")
        notes.append(f"the {columns} {listed(alike)} {have} no two different values in the rows that are used")
    return kept


def rows_to_use(rows, place, wanted, notes):
    """Those with a value to predict, at most as many as a study takes."""
    body = [row for row in rows if row[2][place].lower() not in MISSING]
    without = len(rows) - len(body)
    if without:
        have = "is left out: it has" if without == 1 else "are left out: they have"
        notes.append(f"of the {len(rows)} rows of the file, {without} {have} no value of {named(wanted)}")
    if len(body) > MOST_ROWS:
        others = f"{len(body)} others" if without else f"{len(body)} rows of the file"
        notes.append(f"of the {others}, {MOST_ROWS} are used, the most that a study takes, chosen by a hash of their "
                     "content")
        body.sort(key=lambda row: hashlib.sha256("\x1f".join(row[2]).encode()).digest())
        body = sorted(body[:MOST_ROWS])
    if len(body) < FEWEST_ROWS:
        few = rows_in_words(len(body))
        raise Refused(f"it has {few} with a value of {brief(wanted)}; a study needs {FEWEST_ROWS}: add rows")
    return body


def read(path, target):
    with open(path, "rb") as file:
        rows, separator = rows_of(decode(file.read()))
    names = column_names(rows[0][2])
    for row in rows[1:]:
        check_length(row, names, separator)
    wanted, notes = target_of(names, target), []
    place = names.index(wanted)
    body = rows_to_use(rows[1:], place, wanted, notes)
    lines = [begins for begins, _, _ in body]
    columns = [column_of(name, [row[i] for _, _, row in body], lines, separator == ";") for i, name in enumerate(names)]
    check_decimals(columns, notes)
    classes = classes_of(columns[place])
    features = features_of(columns[:place] + columns[place + 1:], notes)
    return Table(features, columns[place].values, "regression" if classes is None else "classification", classes, notes)
