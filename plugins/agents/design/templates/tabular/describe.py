"""Says what can be made of a table of the user's own: a patch of the template, or why it is refused.

Reads /job/request.json ({"file", "name", "target"}) and the file below /data; writes /results/description.json.
"""

import json
import math
import os
import pathlib
import re
import unicodedata

import table

COLUMNS_TO_LEAVE_OUT = 12
WITHOUT = ("all columns but", "without", "no", "dropping", "removing", "omitting", "excluding", "leaving out")
CALLED = ("column", "feature", "predictor", "variable")
FIRST_IDEOGRAPH = 0x2E80
# The factor `model` where a quantity is predicted, as in the variant diabetes, and the literature that is not about such.
NOT_ABOUT_A_QUANTITY = [{"theme": "classification", "unless": "regression"}]
MODEL_OF_A_QUANTITY = {
    "known_elsewhere": ["logistic regression", "XGBoost", "LightGBM", "CatBoost", "neural network", "decision tree",
                        "naive Bayes", "Gaussian process"],
    "records": ["hoerl1970ridge", "breiman2001forests", "friedman2001greedy", "smola2004tutorial"],
    "level_words": {"linear": ["linear model", "regularised linear model", "regularized linear model",
                               "linear regression", "ridge regression", "ridge", "线性模型"]}}


def rounded(value):
    """Two significant digits: what a limit is stated in."""
    return float(f"{value:.1e}")


def metrics_of(data):
    if data.kind == "classification":
        share = max(data.target.count(value) for value in data.classes) / len(data)
        return "accuracy", {"accuracy": {"chance": round(share, 4), "smallest_effect_reason": "two in a hundred of the rows that are scored"},
                            "r2": None, "rmse": None}
    mean = sum(data.target) / len(data)
    spread = math.sqrt(sum((value - mean) ** 2 for value in data.target) / len(data))
    rmse = {"title": "root mean squared error", "direction": "lower", "unit": "", "smallest_effect": rounded(spread / 50),
            "scored_by": "host", "chance": rounded(spread), "words": ["rmse", "root mean square", "squared error"],
            "smallest_effect_reason": "a convention, one fiftieth of the standard deviation of the column to predict"}
    return "r2", {"accuracy": None, "rmse": rmse}


def sizes(train):
    """Four sizes up to four fifths of the training rows: a seed must always have rows to choose from."""
    most = int(train * 0.8)
    found = sorted({max(12, int(most / divisor)) for divisor in (8, 4, 2, 1)})
    return found if len(found) > 1 else [max(12, most // 2), most]


def split_sizes(data):
    """How many rows prepare.py will leave in each split; refused where too few are left in one."""
    hashes = data.row_hashes()
    splits = table.splits_of(hashes)
    sizes = {name: len(rows) for name, rows in splits.items()}
    told = f"{sizes['train']} to learn from, {sizes['validation']} for validation and {sizes['confirmation']} for confirmation"
    if min(sizes.values()) < table.FEWEST_OF_A_SPLIT or any(
            len({hashes[row] for row in rows}) < table.FEWEST_DIFFERENT_OF_A_SPLIT for rows in splits.values()):
        raise table.Refused(f"of its {len(data)} rows only {len(set(hashes))} are different, and rows that are equal in all "
                            f"columns are not parted, which leaves {told}; each of the three needs {table.FEWEST_OF_A_SPLIT} "
                            f"rows, {table.FEWEST_DIFFERENT_OF_A_SPLIT} of them different: add rows or a column that tells "
                            "them apart, or leave repeated rows out")
    if sizes != table.planned_sizes(len(data)):
        data.notes.append(f"rows that are equal in all columns are not parted, so the {len(data)} rows are divided into {told}")
    return sizes


def spoken(name):
    """The forms in which a question may have a column's name: its letters and digits in any script, and as it stands."""
    written = unicodedata.normalize("NFC", name)
    plain = re.sub(r"[\W_]+", " ", written).strip()
    forms = [plain.casefold(), written.casefold()]
    if not plain.isascii():  # questions are read in lower case where letters are Latin, and as they are elsewhere
        forms += [plain, plain.upper(), plain.capitalize()]
    return [form for form in dict.fromkeys(forms) if form]


def words_of(name):
    """By which words a question names a column; a name of one or two letters alone could be any other word."""
    words = []
    for form in spoken(name):
        words += [f"{without} {form}" for without in WITHOUT] + [f"{called} {form}" for called in CALLED] + [f"{form} column"]
        if len(form) > 2 or ord(min(form)) >= FIRST_IDEOGRAPH:
            words.append(form)
    return words


def columns_factor(data):
    names = list(data.columns)[:COLUMNS_TO_LEAVE_OUT]
    if len(data.columns) < 2:
        return None
    levels = ["all"] + [f"c{i}" for i in range(1, len(names) + 1)]
    labels, words = {"all": "all columns"}, {"all": ["all columns"]}
    for level, name in zip(levels[1:], names):
        labels[level] = f"all columns but {table.named(name)}"
        words[level] = words_of(name)
    return {"title": "choice of columns", "kind": "categorical", "role": "input", "default": "all", "reference": "all", "levels": levels,
            "labels": labels, "level_words": words, "words": list(CALLED),
            "names": dict(zip(levels[1:], names)), "records": [],
            "reasons": {"kinds": "What a column carries and no other does is lost without it."}}


def several(count, one, many):
    return f"{count} is {one}" if count == 1 else f"{count} are {many}"


def about(data):
    """What is predicted and what of the file is left out, in sentences without the last one's stop."""
    told = (f"The classes are {table.listed([table.class_name(value) for value in data.classes])}" if data.classes else
            "What is predicted is a number, in the table's own unit")
    return ". ".join([f"{told}; nothing was said of where the rows come from"] +
                     [note[0].upper() + note[1:] for note in data.notes])


def column_facts(data):
    """How many columns there are to predict from, what they are called, and what becomes of them."""
    names, columns = list(data.columns), data.columns.values()
    numbers, texts = sum(column.numeric for column in columns), sum(not column.numeric for column in columns)
    kinds = [several(numbers, "a column of numbers", "columns of numbers")] if numbers else []
    if texts:
        of_text = [name for name in names if not data.columns[name].numeric]
        which = f"{table.listed(of_text)} {'is' if texts == 1 else 'are'}" if texts <= table.MOST_NAMED else f"{texts} are"
        becomes = "becomes" if texts == 1 else "become"
        kinds.append(f"{which} of text, which {becomes} an indicator for each value that the training split holds")
    said = " and ".join(kinds)
    fields = [(column.numeric, value) for column in columns for value in column.values]
    numbers_missing, texts_missing = fields.count((True, None)), fields.count((False, None))
    if numbers_missing:
        said += f"; {numbers_missing} of the numbers {'is' if numbers_missing == 1 else 'are'} missing, and a missing number becomes the column's median on the rows that a trial learns from, or zero where these hold none"
    if texts_missing:
        said += f"; {texts_missing} of the texts {'is' if texts_missing == 1 else 'are'} missing, and a missing text has no indicator"
    return {"columns": {"value": len(names)}, "column_kinds": {"value": said}, "column_names": {"value": table.listed(names)}}


def describe(request):
    data = table.read(pathlib.Path(os.environ.get("AISCI_DATA", "/data")) / request["file"], request["target"])
    splits = split_sizes(data)
    metric, metrics = metrics_of(data)
    levels = sizes(splits["train"])
    target = request["target"]
    patch = {
        "prepare": ["python3", "/job/prepare.py", "own", target],
        "metric": metric, "metrics": metrics,
        "dataset": {"name": request["name"], "title": "a table of the reader's own", "file": request["name"],
                    "target": target, "citation": None, "examples": len(data),
                    "classes": len(data.classes) if data.classes else None, "words": [target.lower()],
                    "splits": splits},
        "population": f"models fitted to the rows of one table, which predict its column {target}",
        "facts": {**column_facts(data), "about": {"value": about(data)}},
        "factors": {"train_size": {"levels": levels, "default": levels[len(levels) // 2]}, "model": MODEL_OF_A_QUANTITY if data.kind == "regression" else {}},
        "settings": [{"words": ["small dataset", "small data", "little data", "limited data", "few rows"],
                      "factor": "train_size", "levels": levels[:2] if len(levels) < 3 else levels[:3],
                      "states": f"{levels[0]} to {levels[min(2, len(levels) - 1)]} training rows"}],
    }
    if data.kind == "regression":
        patch["not_about"] = NOT_ABOUT_A_QUANTITY
    columns = columns_factor(data)
    if columns:
        patch["factors"]["columns"] = columns
    return {"patch": patch, "notes": data.notes}


def main():
    job, results = (pathlib.Path(os.environ.get(name, usual))
                    for name, usual in (("AISCI_JOB", "/job"), ("AISCI_RESULTS", "/results")))
    request = json.loads((job / "request.json").read_text(encoding="utf-8"))
    try:
        description = describe(request)
    except table.Refused as refusal:
        description = {"refused": str(refusal)}
    (results / "description.json").write_text(json.dumps(description), encoding="utf-8")


if __name__ == "__main__":
    main()
