"""Writes the data of a study: /results/public (training rows, validation rows without labels), /results/confirmation
(the same with the confirmation rows) and /results/labels (which the host keeps).

    prepare.py breast_cancer | wine | diabetes        a set that scikit-learn ships
    prepare.py own TARGET                             the table at /data/data.csv

Rows are put in the order of the SHA-256 of their content and cut at a half and three quarters (table.splits_of): the
split does not depend on the order of the source, and equal rows are never parted. Text becomes indicators of the values
that the training split holds. A missing number stays one: what stands for it is learnt by each trial from its own rows.
"""

import hashlib
import os
import pathlib
import sys

import numpy

import splitting
import table


def shipped(name):
    """Features, target, names of features, kind."""
    from sklearn import datasets

    source = {"breast_cancer": datasets.load_breast_cancer, "wine": datasets.load_wine,
              "diabetes": lambda: datasets.load_diabetes(scaled=False)}[name]()  # each as it was measured
    hashes = [hashlib.sha256(row.tobytes() + numpy.float64(label).tobytes()).digest()
              for row, label in zip(source.data, source.target)]
    names = [str(name) for name in source.feature_names]
    kind = "regression" if name == "diabetes" else "classification"
    return source.data, source.target.astype(float), names, names, kind, hashes


def numbers(column):
    return numpy.array([numpy.nan if value is None else value for value in column.values], dtype=float)


def indicators(column, train):
    """One column for each value that the training split holds; a value they do not hold is none of them. Where they hold
    none there is one column of zeros, so that a table is never left without any."""
    present = sorted({column.values[i] for i in train if column.values[i] is not None})
    return [[float(value == one) for value in column.values] for one in present] or [[0.0] * len(column.values)]


def own(target):
    data = table.read(pathlib.Path(os.environ.get("AISCI_DATA", "/data")) / "data.csv", target)
    hashes = data.row_hashes()
    train = table.splits_of(hashes)["train"]
    features, origins = [], []
    for name, column in data.columns.items():
        made = [numbers(column)] if column.numeric else indicators(column, train)
        features += made
        origins += [name] * len(made)
    labels = numpy.array([data.classes.index(value) if data.classes else value for value in data.target], dtype=float)
    return numpy.array(features).T, labels, origins, list(data.columns), data.kind, hashes


def main():
    results, name = pathlib.Path(os.environ.get("AISCI_RESULTS", "/results")), sys.argv[1]
    features, labels, origins, columns, kind, hashes = own(sys.argv[2]) if name == "own" else shipped(name)
    splits = table.splits_of(hashes)
    for folder in ("public", "confirmation", "labels"):
        (results / folder).mkdir(parents=True, exist_ok=True)
    for folder, evaluate in (("public", "validation"), ("confirmation", "confirmation")):
        train, rows = splits["train"], splits[evaluate]
        numpy.savez(results / folder / "train.npz", features=features[train], labels=labels[train])
        numpy.savez(results / folder / f"{evaluate}.npz", features=features[rows])
        splitting.write_json(results / folder / "columns.json", {"kind": kind, "columns": columns, "origins": origins})
        kept = labels[rows].tolist()
        splitting.write_json(results / "labels" / f"{evaluate}.json",
                             {"labels": kept if kind == "regression" else [int(label) for label in kept]})
    splitting.seal(results, {split: len(rows) for split, rows in splits.items()})


if __name__ == "__main__":
    main()
