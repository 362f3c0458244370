#!/usr/bin/env python3
"""How good a search could be that knows the landscape: a bound for those that see scores alone.

Usage: knowing_player.py [--landscapes FOLDER] [--only NAME] [--repetitions 250] [--budgets 20,50] [--out FILE]

The player is told what no search knows: how the values of rows are distributed, how those of a row's neighbours are given its own, the
noise, and the share of failures; not which row it is at. Its posterior of every node is exact for that (values in 64 bins, along the tree
in both directions). Each action is weighed by what up to eight scores of it would add to the expected value of the node that would be
published, per score. The number of first drafts and the weights of the actions are chosen afterwards, the best of a grid for each
landscape and budget. Prints the regret of each cell without and with improvements, and writes them to --out. Needs NumPy.
"""

import argparse
import json
import pathlib

import numpy as np
from landscape import Landscape

BINS, LOOK, FAILURE = 64, (1, 2, 4, 8), 0.2
SHARES = (0.4, 0.55, 0.7)  # of the budget, for first drafts
WEIGHTS = ((1, 0, 1), (1, 0.5, 1), (1, 1, 1), (1, 2, 2))  # of drafts, improvements, replicates


class Known(Landscape):
    """A landscape, and what is known of it. The value of a row is minus its regret."""

    def __init__(self, path):
        super().__init__(path, float)
        scores, rows = self.val, len(self.val)
        self.first = scores[:, : self.half]
        mean = self.first.mean(1)
        self.regrets = self.regret(np.arange(rows))
        self.noise = np.sqrt(scores.var(1, ddof=1).mean())
        bins = np.argsort(np.argsort(mean, kind="stable")) * BINS // rows
        self.centre = np.array([mean[bins == b].mean() for b in range(BINS)])
        self.value = np.array([-self.regrets[bins == b].mean() for b in range(BINS)])
        self.prior = np.bincount(bins, minlength=BINS) / rows
        self.step = np.zeros((BINS, BINS))
        for i, near in enumerate(self.near):
            np.add.at(self.step[bins[i]], bins[near], 1 / len(near))
        self.step /= self.step.sum(1, keepdims=True)
        grid = np.linspace(self.centre[0] - 3 * self.noise, self.centre[-1] + 3 * self.noise, 48)
        self.look = []  # for each number of scores: the chance of each mean in the grid, by bin
        for k in LOOK:
            chance = np.exp(-0.5 * k * ((grid[:, None] - self.centre) / self.noise) ** 2) + 1e-30
            self.look.append(chance / chance.sum(0))

    def likelihood(self, score):
        return np.exp(-0.5 * ((score - self.centre) / self.noise) ** 2) + 1e-9


class Game:
    def __init__(self, known, generator):
        self.known, self.generator = known, generator
        self.row, self.parent = [], []
        self.evidence, self.message = [], []  # of a node: from its scores and its children; and what it told its parent

    def add(self, parent):
        known, generator = self.known, self.generator
        self.row.append(int(generator.integers(len(known.near)) if parent < 0 else generator.choice(known.near[self.row[parent]])))
        self.parent.append(parent)
        self.evidence.append(np.ones(BINS))
        self.message.append(np.ones(BINS))
        return len(self.row) - 1

    def score(self, i):
        known = self.known
        factor = known.likelihood(known.first[self.row[i], self.generator.integers(known.first.shape[1])])
        while True:
            self.evidence[i] = self.evidence[i] * factor
            self.evidence[i] /= self.evidence[i].max()
            if self.parent[i] < 0:
                return
            now = known.step @ self.evidence[i]
            factor, self.message[i], i = now / self.message[i], now, self.parent[i]

    def prior(self, i):
        """Of a node, by its parent without what the node itself told it."""
        p = self.parent[i]
        if p < 0:
            return self.known.prior
        weight = self.prior(p) * self.evidence[p] / self.message[i]
        return self.known.step.T @ (weight / weight.sum())

    def beliefs(self):
        """By node, in columns."""
        weight = np.array([self.prior(i) * self.evidence[i] for i in range(len(self.row))]).T
        return weight / weight.sum(0)

    def choose(self, left, weights):
        known, beliefs = self.known, self.beliefs()
        mean = known.value @ beliefs
        order = np.argsort(-mean, kind="stable")
        best = mean[order[0]]
        candidates = ((0, known.prior[:, None]), (1, known.step.T @ beliefs), (2, beliefs))
        highest, choice = -1.0, (0, -1)
        for kind, of in candidates:
            if not weights[kind]:
                continue
            rival = np.full(of.shape[1], best)  # what is published if the candidate disappoints
            if kind == 2 and len(order) > 1:
                rival[order[0]] = mean[order[1]]
            valued, rates = of * known.value[:, None], np.zeros(of.shape[1])
            for k, look in zip(LOOK, known.look):
                if k <= left:
                    rates = np.maximum(rates, (np.maximum(look @ valued, (look @ of) * rival).sum(0) - best) / k)
            node = int(np.argmax(rates))
            if weights[kind] * rates[node] > highest:
                highest, choice = weights[kind] * rates[node], (kind, node)
        return choice


def play(known, budget, drafts, weights, seed):
    generator = np.random.default_rng(seed)
    game = Game(known, generator)
    for used in range(budget):
        kind, node = (0, -1) if used < drafts or not game.row else game.choose(budget - used, weights)
        if generator.random() < FAILURE:
            continue
        game.score(node if kind == 2 else game.add(node if kind == 1 else -1))
    return known.regrets[game.row[int(np.argmax(known.value @ game.beliefs()))]] if game.row else 1.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--landscapes", default=str(pathlib.Path(__file__).parent / "landscapes"))
    parser.add_argument("--only", default="")
    parser.add_argument("--repetitions", type=int, default=250)
    parser.add_argument("--budgets", default="20,50")
    parser.add_argument("--out", default="")
    arguments = parser.parse_args()
    total = np.zeros(2)
    lines = []
    for path in sorted(pathlib.Path(arguments.landscapes).glob("*.json")):
        if arguments.only and path.stem != arguments.only:
            continue
        known = Known(path)
        for budget in map(int, arguments.budgets.split(",")):
            means = {}
            for share in SHARES:
                for weights in WEIGHTS:
                    means[share, weights] = np.mean([play(known, budget, round(share * budget), weights, r) for r in range(arguments.repetitions)])
            for index, allowed in enumerate((False, True)):
                setting = min((s for s in means if allowed or not s[1][1]), key=means.get)
                total[index] += means[setting]
                lines.append({"landscape": path.stem, "budget": budget, "improvements": allowed, "regret": means[setting], "share": setting[0], "weights": setting[1]})
            print(f"{path.stem:18} {budget:4}  without {lines[-2]['regret']:.3f} {lines[-2]['share']} {lines[-2]['weights']}  with {lines[-1]['regret']:.3f} {lines[-1]['share']} {lines[-1]['weights']}", flush=True)
    print("sum without and with improvements: %.3f %.3f" % tuple(total))
    if arguments.out:
        pathlib.Path(arguments.out).write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    main()
