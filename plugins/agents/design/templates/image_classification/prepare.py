"""Splits the digits once into train, validation and confirmation, and puts labels out of reach.

    python3 prepare.py [RESULTS]        RESULTS defaults to $AISCI_RESULTS, or /results

writes
    public/{train.npz, validation.npz}             what trials see during the search
    confirmation/{train.npz, confirmation.npz}     what trials see once the claims are locked
    labels/{validation,confirmation}.json          what only the host sees
    splits.json                                    counts and SHA-256 of each file

The images are put in the order of the SHA-256 of their pixels and cut at fixed ranks. The order says nothing
about the class, does not depend on the order of the source, and equal images always land in the same split.
"""

import hashlib
import json
import os
import pathlib
import sys

import numpy
from sklearn.datasets import load_digits

TRAIN, VALIDATION = 900, 450  # the rest, 447 images, is for confirmation


def split_by_content(images):
    """Indices of the three splits; a cut that would part equal images moves to the end of their run."""
    digests = [hashlib.sha256(image.tobytes()).digest() for image in images]
    order = sorted(range(len(images)), key=digests.__getitem__)

    def cut(rank):
        while 0 < rank < len(order) and digests[order[rank]] == digests[order[rank - 1]]:
            rank += 1
        return rank

    first, second = cut(TRAIN), cut(TRAIN + VALIDATION)
    return {"train": order[:first], "validation": order[first:second], "confirmation": order[second:]}


def write_json(path, document):
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main():
    results = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("AISCI_RESULTS", "/results"))
    digits = load_digits()
    images, labels = digits.images.astype(numpy.uint8), digits.target.astype(numpy.int64)  # grey levels 0 to 16
    splits = split_by_content(images)

    for folder in ("public", "confirmation", "labels"):
        (results / folder).mkdir(parents=True, exist_ok=True)
    for folder, evaluate in (("public", "validation"), ("confirmation", "confirmation")):
        train = splits["train"]
        numpy.savez(results / folder / "train.npz", images=images[train], labels=labels[train])
        numpy.savez(results / folder / f"{evaluate}.npz", images=images[splits[evaluate]])
        write_json(results / "labels" / f"{evaluate}.json", {"labels": labels[splits[evaluate]].tolist()})

    files = sorted(path for folder in ("public", "confirmation", "labels") for path in (results / folder).iterdir())
    write_json(results / "splits.json", {
        "images": len(images), "classes": len(set(labels.tolist())),
        "counts": {name: len(members) for name, members in splits.items()},
        "sha256": {str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}})


if __name__ == "__main__":
    main()
