"""What a language model reads and predicts: characters, or words; and how either foretells the next character.

A `units` object turns the training text into symbols, cuts contexts to what a model reads, and turns a model's
logits for the next symbol into probabilities of the next character. For characters that is a softmax. A model of
words foretells a character by the words it holds possible: with p the part of a word that stands before the cut,

    P(c | p) = [sum of P(w) over words w that begin with p c, + P(unknown) S(p c)] / [the same with p alone]

where the end of a word counts as a space and S is how the training text spells words that are not in the
vocabulary: a chain of letter pairs, smoothed by a count of one half. So every character that can follow has a
probability above zero, and models of characters and of words answer the same question on the same scale.
"""

import collections

import numpy
import torch

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
SPACE = 0
VOCABULARY = 1000  # words beside the unknown one
UNKNOWN = 0
LEAST = 1e-200  # of a word's probability: a model that is sure of a word that cannot be must leave something to divide
CHARACTERS_PER_WORD = 8  # a model of words reads one for each eight characters that a model of characters reads


def text_of(codes):
    return "".join(ALPHABET[code] for code in codes)


class Characters:
    def __init__(self, codes, context):
        self.symbols = len(ALPHABET)
        self.length = context
        self.stream = torch.from_numpy(codes.astype(numpy.int64))

    def read(self, contexts):
        """Symbols [n, t] and the place in each row after which to predict."""
        symbols = torch.from_numpy(contexts[:, -self.length:].astype(numpy.int64))
        return symbols, torch.full((len(symbols),), self.length - 1)

    def next_character(self, logits, _contexts):
        return logits.double().softmax(dim=1).numpy()


class Words:
    def __init__(self, codes, context):
        words = text_of(codes).split()
        counts = collections.Counter(words)
        known = sorted(counts, key=lambda word: (-counts[word], word))[:VOCABULARY]
        self.context = context
        self.length = max(2, context // CHARACTERS_PER_WORD)
        self.index = {word: i for i, word in enumerate(known, start=UNKNOWN + 1)}
        self.spelled = [text_of([SPACE])] + [word + " " for word in known]
        self.symbols = len(self.spelled)
        self.stream = torch.tensor([self.index.get(word, UNKNOWN) for word in words])
        self.spelling = self._spelling([word for word in words if word not in self.index])

    @staticmethod
    def _spelling(words):
        """Probabilities of a letter, or the end, after a letter, or the beginning; a word has a letter at least."""
        pairs = numpy.full((len(ALPHABET), len(ALPHABET)), 0.5)
        pairs[SPACE, SPACE] = 0
        for word in words:
            letters = [SPACE] + [ALPHABET.index(letter) for letter in word] + [SPACE]
            for first, second in zip(letters, letters[1:]):
                pairs[first, second] += 1
        return pairs / pairs.sum(axis=1, keepdims=True)

    def _parts(self, context):
        """The last whole words of a context, and the beginning of the word that is cut."""
        pieces = text_of(context[-self.context:]).split(" ")
        whole = [word for word in pieces[1:-1] if word]  # the first piece may have lost its beginning
        return [self.index.get(word, UNKNOWN) for word in whole[-self.length:]], pieces[-1]

    def read(self, contexts):
        rows = [self._parts(context)[0] or [UNKNOWN] for context in contexts]
        symbols = torch.zeros(len(rows), self.length, dtype=torch.int64)
        for i, row in enumerate(rows):
            symbols[i, :len(row)] = torch.tensor(row)  # what stands behind the last word is never looked at
        return symbols, torch.tensor([len(row) - 1 for row in rows])

    def next_character(self, logits, contexts):
        chance = numpy.maximum(logits.double().softmax(dim=1).numpy(), LEAST)
        found = numpy.zeros((len(contexts), len(ALPHABET)))
        matching = {}
        for i, context in enumerate(contexts):
            begun = self._parts(context)[1]
            if begun not in matching:
                rows = [k for k in range(1, self.symbols) if self.spelled[k].startswith(begun)]
                follow = [ALPHABET.index(self.spelled[k][len(begun)]) for k in rows]
                letters = [SPACE] + [ALPHABET.index(letter) for letter in begun]
                chain = numpy.prod([self.spelling[a, b] for a, b in zip(letters, letters[1:])])
                matching[begun] = (rows, follow, chain * self.spelling[letters[-1]])
            rows, follow, unknown = matching[begun]
            numpy.add.at(found[i], follow, chance[i, rows])
            found[i] += chance[i, UNKNOWN] * unknown
        return found / found.sum(axis=1, keepdims=True)


UNITS = {"characters": Characters, "words": Words}
