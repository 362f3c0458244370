#!/usr/bin/env python3
"""Reads what search_bench --out and play_treequest.py --out wrote, and reports it.

Usage: report.py FILE... [--plot PLOT.svg] [--policy adaptive] [--without NAME]
Prints a Markdown table of mean normalised regrets with 95 % bootstrap intervals of the policy's, and the ratio of the policy's
average regret over the recorded landscapes to that of each cell's best competitor, with its bootstrap interval (repetitions are
resampled together within a cell, as they share their random numbers; the best competitor is chosen anew in each resample).
--without leaves a policy out, so that it is nobody's competitor; cells that --policy did not play are left out too.
Needs NumPy, and matplotlib for --plot.
"""

import argparse
import collections
import json

import numpy as np

SYNTHETIC = {"smooth", "deceptive", "sparse", "heavy_noise", "failures_0", "failures_30", "failures_60", "uneven_cost", "equal_arms"}
RESAMPLES = 2000


def read(files, policy, without):
    cells = collections.defaultdict(dict)
    for file in files:
        for line in open(file):
            entry = json.loads(line)
            if entry["policy"] != without:
                cells[entry["landscape"], entry["budget"]][entry["policy"]] = np.array(entry["regrets"])
    return {key: cell for key, cell in cells.items() if policy in cell}


def resampled_means(cell, generator):
    """Means of every policy in each resample; policies played equally often share the draw."""
    draws = {}
    means = {}
    for policy, regrets in cell.items():
        n = len(regrets)
        if n not in draws:
            draws[n] = generator.integers(n, size=(RESAMPLES, n))
        means[policy] = regrets[draws[n]].mean(1)
    return means


def interval(values):
    return np.percentile(values, 2.5), np.percentile(values, 97.5)


def ratio(cells, boots, keys, policy):
    ours = sum(cells[k][policy].mean() for k in keys)
    best = sum(min(v.mean() for p, v in cells[k].items() if p != policy) for k in keys)
    resampled = sum(boots[k][policy] for k in keys) / sum(np.min([v for p, v in boots[k].items() if p != policy], axis=0) for k in keys)
    return ours / best, *interval(resampled)


def table(cells, boots, policies, policy):
    print("| landscape | budget | " + " | ".join(policies) + " | against the best other |")
    print("|---" * (len(policies) + 3) + "|")
    for key in sorted(cells, key=lambda k: (k[0] in SYNTHETIC, k)):
        if key[0] == "equal_arms":
            continue
        cell, boot = cells[key], boots[key]
        low, high = interval(boot[policy])
        words = [f"{cell[p].mean():.3f}" if p in cell and p != policy else f"**{cell[p].mean():.3f}** ({low:.3f} to {high:.3f})" if p in cell else "" for p in policies]
        rival = min((p for p in cell if p != policy), key=lambda p: cell[p].mean())
        low, high = interval(boot[policy] - boot[rival])
        verdict = "better" if high < 0 else "worse" if low > 0 else "equal"
        print(f"| {key[0]} | {key[1]} | " + " | ".join(words) + f" | {verdict} ({rival}) |")


def plot(cells, policies, policy, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "aisci"
    import matplotlib.pyplot as plt

    names = sorted({k[0] for k in cells if k[0] not in SYNTHETIC})
    columns = 3
    figure, axes = plt.subplots((len(names) + columns - 1) // columns, columns, figsize=(10, 6), sharex=True)
    for axis, name in zip(axes.flat, names):
        budgets = sorted(k[1] for k in cells if k[0] == name)
        for index, p in enumerate(policies):
            values = [cells[name, b][p].mean() if p in cells[name, b] else np.nan for b in budgets]
            ours = p == policy
            axis.plot(budgets, values, label=p, color="black" if ours else f"C{index}", linewidth=2.5 if ours else 1, marker="o" if ours else None, markersize=4)
        axis.set_title(name, fontsize=9)
        axis.set_xscale("log")
        axis.set_xticks(budgets, [str(b) for b in budgets])
        axis.minorticks_off()
        axis.set_ylim(bottom=0)
    figure.supxlabel("evaluations")
    figure.supylabel("normalised regret of the published configuration")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncol=5, fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--policy", default="adaptive")
    parser.add_argument("--without", default="")
    parser.add_argument("--plot", default="")
    arguments = parser.parse_args()
    cells = read(arguments.files, arguments.policy, arguments.without)
    generator = np.random.default_rng(1)
    boots = {key: resampled_means(cell, generator) for key, cell in cells.items()}
    policies = []
    for cell in cells.values():
        policies += [p for p in cell if p not in policies]
    table(cells, boots, policies, arguments.policy)
    recorded = [k for k in cells if k[0] not in SYNTHETIC]
    print()
    for budgets in ((20, 50), (10,), (20,), (50,), (100,)):
        keys = [k for k in recorded if k[1] in budgets]
        if keys:
            print(f"ratio on recorded landscapes, budgets {' and '.join(map(str, budgets))}: %.3f (95 %%: %.3f to %.3f)" % ratio(cells, boots, keys, arguments.policy))
    if arguments.plot:
        plot(cells, policies, arguments.policy, arguments.plot)


if __name__ == "__main__":
    main()
