"""Cuts the text into passages, splits them once into train, validation and confirmation, and puts what follows the
evaluation contexts out of reach.

    python3 prepare.py [RESULTS]        RESULTS defaults to $AISCI_RESULTS, or /results; moby_dick.txt lies beside this file

writes
    public/{train.npz, validation.npz}             what trials see during the search
    confirmation/{train.npz, confirmation.npz}     what trials see once the claims are locked
    labels/{validation,confirmation}.json          the character that follows each context: only the host sees it
    splits.json                                    counts and SHA-256 of each file

The text is reduced to the 26 small letters and the space. A passage is a run of whole paragraphs of one chapter of
about 2000 characters. Passages are put in the order of their SHA-256 and cut where the wanted number of characters
is reached, so the split does not depend on where in the book a passage stands. A passage for evaluation is cut
into windows that do not overlap: 64 characters of context and the one that follows. No window holds another's
answer, so the contexts tell nothing about the labels beyond what language does.
"""

import hashlib
import pathlib
import re
import sys

import numpy

import splitting

TEXT = pathlib.Path(__file__).resolve().parent / "moby_dick.txt"
ALPHABET = " abcdefghijklmnopqrstuvwxyz"
PASSAGE, CONTEXT = 2000, 64
TRAIN, VALIDATION = 140_000, 59_000  # characters; the rest is for confirmation


def plain(text):
    """Small letters and single spaces; an apostrophe joins ("isn't" is "isnt")."""
    joined = re.sub(r"['’]", "", text.lower())
    return re.sub(r"[^a-z]+", " ", joined).strip()


def passages(text):
    """Runs of whole paragraphs of one chapter; the next begins once PASSAGE characters are there."""
    found = []
    for chapter in re.split(r"^CHAPTER \d+\. .*$", text, flags=re.MULTILINE)[1:]:
        held = ""
        for paragraph in map(plain, re.split(r"\n\s*\n", chapter)):
            held = f"{held} {paragraph}".strip()
            if len(held) >= PASSAGE:
                found.append(held)
                held = ""
        if held:
            found.append(held)
    return found


def split_by_content(texts):
    """The passages of the three splits, each in the order of their digests."""
    parts = {"train": [], "validation": [], "confirmation": []}
    seen = 0
    for text in sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).digest()):
        name = "train" if seen < TRAIN else "validation" if seen < TRAIN + VALIDATION else "confirmation"
        parts[name].append(text)
        seen += len(text)
    return parts


def encode(text):
    return numpy.array([ALPHABET.index(letter) for letter in text], dtype=numpy.uint8)


def windows(texts):
    """Contexts of CONTEXT characters and the character that follows each, from windows that do not overlap."""
    cut = [text[start:start + CONTEXT + 1] for text in texts for start in range(0, len(text) - CONTEXT, CONTEXT + 1)]
    codes = numpy.stack([encode(window) for window in cut])
    return codes[:, :-1], codes[:, -1]


def main():
    results = splitting.results_folder(sys.argv[1:])
    splits = split_by_content(passages(TEXT.read_text(encoding="utf-8")))
    train = [encode(text + " ") for text in splits["train"]]
    lengths = numpy.array([len(codes) for codes in train])
    counts = {"train": int(lengths.sum())}

    for folder in ("public", "confirmation", "labels"):
        (results / folder).mkdir(parents=True, exist_ok=True)
    for folder, evaluate in (("public", "validation"), ("confirmation", "confirmation")):
        numpy.savez(results / folder / "train.npz", text=numpy.concatenate(train), lengths=lengths)
        contexts, following = windows(splits[evaluate])
        numpy.savez(results / folder / f"{evaluate}.npz", contexts=contexts)
        splitting.write_json(results / "labels" / f"{evaluate}.json", {"labels": following.tolist()})
        counts[evaluate] = len(following)

    splitting.seal(results, counts, classes=len(ALPHABET), passages={name: len(texts) for name, texts in splits.items()})


if __name__ == "__main__":
    main()
