"""Splits scikit-learn's digits once into train, validation and confirmation, and puts labels out of reach; see
splitting.py.

    python3 prepare_digits.py [RESULTS]        RESULTS defaults to $AISCI_RESULTS, or /results
"""

import sys

import numpy
from sklearn.datasets import load_digits

import splitting

TRAIN, VALIDATION = 900, 450  # the rest, 447 images, is for confirmation


def main():
    results = splitting.results_folder(sys.argv[1:])
    digits = load_digits()
    images, labels = digits.images.astype(numpy.uint8), digits.target.astype(numpy.int64)  # grey levels 0 to 16
    splits = splitting.split_by_content(images, TRAIN, VALIDATION)
    splitting.write(results, splits, images, labels, name="images", examples=len(images),
                    classes=len(set(labels.tolist())))


if __name__ == "__main__":
    main()
