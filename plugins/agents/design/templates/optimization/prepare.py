"""Splits one of scikit-learn's data sets once into train, validation and confirmation; see splitting.py.

    python3 prepare.py NAME [RESULTS]        digits, breast_cancer or diabetes; RESULTS defaults to $AISCI_RESULTS, or /results
"""

import sys

import numpy
from sklearn import datasets

import splitting

# Rows for training and for validation; the rest is for confirmation.
SIZES = {"digits": (900, 450), "breast_cancer": (300, 135), "diabetes": (240, 101)}


def load(name):
    if name == "diabetes":
        data = datasets.load_diabetes(scaled=False)
        return data.data.astype(numpy.float64), data.target.astype(numpy.float64)
    data = {"digits": datasets.load_digits, "breast_cancer": datasets.load_breast_cancer}[name]()
    return data.data.astype(numpy.float64), data.target.astype(numpy.int64)


def main():
    name = sys.argv[1]
    results = splitting.results_folder(sys.argv[2:])
    inputs, labels = load(name)
    splits = splitting.split_by_content(inputs, *SIZES[name])
    facts = {} if labels.dtype == numpy.float64 else {"classes": len(set(labels.tolist()))}
    splitting.write(results, splits, inputs, labels, examples=len(inputs), **facts)


if __name__ == "__main__":
    main()
