#!/usr/bin/env python3
"""The simplest search that replicates: how much of what `adaptive` gains, ten drafts, replicates and shrinkage have already.

Usage: plain_recipe.py --out FILE [--landscapes FOLDER] [--budgets 20,50] [--repetitions 400] [--replicates 0.4]
Ten drafts first; then an evaluation is a replicate with the chance of --replicates, of the node whose shrunken mean and its standard deviation
sum highest, and else a draft or an improvement of the node with the highest shrunken mean, one as likely as the other. A mean is shrunken towards
that of all nodes, by a spread and a noise estimated from the scores; published is the highest. Writes the lines that search_bench --out writes.
Needs NumPy.
"""

import argparse
import json
import pathlib

import numpy as np
from landscape import Landscape

DRAFTS, FAILURE = 10, 0.2


def shrunken(scores):
    """Posterior means and standard deviations of nodes by their scores, all exchangeable: noise pooled within nodes, spread by moments."""
    counts = np.array([len(s) for s in scores])
    means = np.array([np.mean(s) for s in scores])
    if len(scores) < 2:
        return means, np.zeros(1)
    total, within = means.var(ddof=1), sum(np.var(s) * len(s) for s in scores)
    noise = (within + total) / (sum(counts - 1) + 2) / counts  # a prior of two degrees of freedom: half of what is seen
    spread = max(total - noise.mean(), 0.1 * total) + 1e-12
    kept = spread / (spread + noise)
    centre = np.average(means, weights=1 / (spread + noise))
    return centre + kept * (means - centre), np.sqrt(kept * noise)


def play(landscape, budget, replicates, generator):
    rows, scores = [], []
    for used in range(budget):
        first = used < DRAFTS or len(rows) < 2
        draft = first or generator.random() < 0.5
        again = not first and generator.random() < replicates
        if generator.random() < FAILURE:
            continue
        if again:
            mean, deviation = shrunken(scores)
            node = int(np.argmax(mean + deviation))
        else:
            near = None if draft else landscape.near[rows[int(np.argmax(shrunken(scores)[0]))]]
            rows.append(int(generator.integers(len(landscape.val)) if draft else generator.choice(near)))
            scores.append([])
            node = len(rows) - 1
        scores[node].append(landscape.val[rows[node], generator.integers(landscape.half)])
    return landscape.regret(rows[int(np.argmax(shrunken(scores)[0]))]) if rows else 1.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--landscapes", default=str(pathlib.Path(__file__).parent / "landscapes"))
    parser.add_argument("--budgets", default="20,50")
    parser.add_argument("--repetitions", type=int, default=400)
    parser.add_argument("--replicates", type=float, default=0.4)
    arguments = parser.parse_args()
    with open(arguments.out, "w") as out:
        for path in sorted(pathlib.Path(arguments.landscapes).glob("*.json")):
            landscape = Landscape(path, float)
            for budget in map(int, arguments.budgets.split(",")):
                regrets = [play(landscape, budget, arguments.replicates, np.random.default_rng(r)) for r in range(arguments.repetitions)]
                out.write(json.dumps({"landscape": landscape.name, "budget": budget, "policy": "plain_recipe", "regrets": regrets}) + "\n")
                print(f"{landscape.name:18} {budget:4}  {np.mean(regrets):.3f}", flush=True)


if __name__ == "__main__":
    main()
