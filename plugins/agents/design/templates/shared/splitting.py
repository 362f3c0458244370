"""Splits a data set once into train, validation and confirmation, and puts the labels that judge out of reach.

Examples are put in the order of the SHA-256 of their inputs and cut at fixed ranks. The order says nothing about
the labels, does not depend on the order of the source, and equal inputs always land in the same split.
`write` leaves, under a folder,
    public/{train.npz, validation.npz}             what trials see during the search
    confirmation/{train.npz, confirmation.npz}     what trials see once the claims are locked
    labels/{validation,confirmation}.json          what only the host sees
    splits.json                                    counts and SHA-256 of each file
"""

import hashlib
import json
import os
import pathlib

import numpy


def results_folder(options):
    """Where to write: the first option of a command, else $AISCI_RESULTS, else /results."""
    return pathlib.Path(options[0] if options else os.environ.get("AISCI_RESULTS", "/results"))


def split_by_content(examples, train, validation):
    """Indices of the three splits; a cut that would part equal examples moves to the end of their run."""
    return split_by_digests([hashlib.sha256(example.tobytes()).digest() for example in examples], train, validation)


def split_by_digests(digests, train, validation):
    """The same, of examples that are known by the digests of their content."""
    order = sorted(range(len(digests)), key=digests.__getitem__)

    def cut(rank):
        while 0 < rank < len(order) and digests[order[rank]] == digests[order[rank - 1]]:
            rank += 1
        return rank

    first, second = cut(train), cut(train + validation)
    return {"train": order[:first], "validation": order[first:second], "confirmation": order[second:]}


def write_json(path, document):
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def write(results, splits, inputs, labels, name="inputs", **facts):
    """Writes the folders; `name` is what the inputs are called in the files, `facts` go into splits.json."""
    for folder in ("public", "confirmation", "labels"):
        (results / folder).mkdir(parents=True, exist_ok=True)
    train = splits["train"]
    for folder, evaluate in (("public", "validation"), ("confirmation", "confirmation")):
        numpy.savez(results / folder / "train.npz", **{name: inputs[train]}, labels=labels[train])
        numpy.savez(results / folder / f"{evaluate}.npz", **{name: inputs[splits[evaluate]]})
        write_json(results / "labels" / f"{evaluate}.json", {"labels": labels[splits[evaluate]].tolist()})
    seal(results, {split: len(members) for split, members in splits.items()}, **facts)


def seal(results, counts, **facts):
    """splits.json: how many examples there are where, and the hash of each file."""
    files = sorted(path for folder in ("public", "confirmation", "labels") for path in (results / folder).iterdir())
    write_json(results / "splits.json", {
        "counts": counts, **facts,
        "sha256": {str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}})
