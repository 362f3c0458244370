#!/usr/bin/env python3
"""Plays treequest's searches on the recorded landscapes, with the numbers that search_bench draws.

Usage: play_treequest.py --out FILE [--landscapes FOLDER] [--only NAME,NAME] [--budgets 10,20,50,100] [--repetitions 400]
                         [--algorithms standard_mcts,ab_mcts_a]
Needs `pip install treequest` (0.3). Writes the lines that search_bench --out writes. A failed run is told as score 0, which is
all that treequest's interface offers; published is the state with the highest score (its own `top_k`). AB-MCTS-A draws from
NumPy's global generator, which is seeded by the repetition.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import treequest
from landscape import Landscape

MASK = (1 << 64) - 1


def mix64(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class World:
    """LandscapeWorld of lib/research/landscape.hpp."""

    def __init__(self, landscape, repetition):
        self.landscape, self.seed, self.counts = landscape, mix64(repetition), {}

    def draw(self, stream, a, b):
        return mix64(mix64(mix64(self.seed ^ stream) ^ a) ^ b)

    def count(self, *key):
        self.counts[key] = self.counts.get(key, -1) + 1
        return self.counts[key]

    def generate(self, parent):
        """A new state and its score: a draft below the root, otherwise an improvement."""
        space = self.landscape
        if parent is None:
            row = self.draw(1, 0, self.count(1)) % len(space.val)
        else:
            near = space.near[parent]
            row = int(near[self.draw(2, parent, self.count(2, parent)) % len(near)])
        run = self.count(3, row)
        failed = (self.draw(3, row, run) >> 11) * 2.0**-53 < 0.2
        score = float(space.val[row, self.draw(4, row, run) % space.half])
        return row, 0.0 if failed else score


def play(landscape, algorithm, budget, repetition):
    np.random.seed(repetition)
    world = World(landscape, repetition)
    search = treequest.ABMCTSA() if algorithm == "ab_mcts_a" else treequest.StandardMCTS()
    state = search.init_tree()
    for _ in range(budget):
        state = search.step(state, {"generate": world.generate}, inplace=True)
    row, _ = treequest.top_k(state, search, 1)[0]
    return landscape.regret(row)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--landscapes", type=pathlib.Path, default=pathlib.Path(__file__).parent / "landscapes")
    parser.add_argument("--only", default="")
    parser.add_argument("--budgets", default="10,20,50,100")
    parser.add_argument("--repetitions", type=int, default=400)
    parser.add_argument("--algorithms", default="standard_mcts,ab_mcts_a")
    arguments = parser.parse_args()
    only = set(filter(None, arguments.only.split(",")))
    with arguments.out.open("w") as out:
        for path in sorted(arguments.landscapes.glob("*.json")):
            if only and path.stem not in only:
                continue
            landscape = Landscape(path)
            for budget in map(int, arguments.budgets.split(",")):
                for algorithm in arguments.algorithms.split(","):
                    begun = time.time()
                    regrets = [round(play(landscape, algorithm, budget, r), 5) for r in range(arguments.repetitions)]
                    line = {"landscape": landscape.name, "budget": budget, "policy": "treequest_" + algorithm, "regrets": regrets}
                    out.write(json.dumps(line) + "\n")
                    out.flush()
                    print(f"{landscape.name} {budget} {algorithm} {np.mean(regrets):.3f} ({time.time() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
