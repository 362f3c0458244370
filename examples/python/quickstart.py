#!/usr/bin/env python3
"""A search for the best settings of a noisy process, and, with --study FOLDER, a small real study.

    PYTHONPATH=build/release/python "$(bash setup.sh --python)" examples/python/quickstart.py [--study FOLDER]

The process has five knobs; its yield is only measured with noise, and one attempt in ten fails. The search decides
whether to try new settings, to improve settings that look good, or to measure some of them once more.
"""

from __future__ import annotations

import argparse
import random
from typing import Optional

import aisci

Knobs = list[int]
QUESTION = "How does the choice of activation function affect Vision Transformers on small datasets?"


def true_yield(knobs: Knobs) -> float:
    """What nobody knows: best where every knob is at 7."""
    return 1.0 - sum((knob - 7) ** 2 for knob in knobs) / 250


def measure(knobs: Knobs, draws: random.Random) -> Optional[float]:
    if draws.random() < 0.1:
        return None
    return true_yield(knobs) + draws.gauss(0.0, 0.1)


def vary(knobs: Knobs, draws: random.Random) -> Knobs:
    """Up to two knobs moved."""
    moved = list(knobs)
    for _ in range(2):
        moved[draws.randrange(len(moved))] = draws.randrange(11)
    return moved


def search(budget: int, seed: int) -> aisci.mcts.Node[Knobs]:
    engine: aisci.mcts.Search[Knobs] = aisci.mcts.Search(policy="adaptive", budget=budget, seed=seed)
    while lease := engine.ask():
        draws = random.Random(lease.seed)  # so that the same seed gives the same search
        if lease.kind == "draft":
            knobs = [draws.randrange(11) for _ in range(5)]
        elif lease.kind == "replicate":
            knobs = lease.state
        else:
            knobs = vary(lease.parent_state, draws)
        value = measure(knobs, draws)
        if value is None:
            engine.tell(lease, state=knobs, failed=True)
        else:
            engine.tell(lease, state=knobs, value=value)
    best = engine.best()
    assert best is not None
    return best


def worth(node: aisci.NodeView) -> float:
    """A value function: what a node of the study's tree is worth, from 0 to 1."""
    return 0.7 * node.metrics["significance"] + 0.3 * node.metrics["novelty"]


def study(folder: str) -> None:
    def on_event(event: aisci.Event) -> None:
        if event.type in ("node.created", "node.evaluated", "claim.decided"):
            print(f"  {100 * event.progress:3.0f} %  {event.message}", flush=True)

    scientist = aisci.AIScientist(llm_provider="offline", max_experiments=3, initial_hypotheses_kept=2,
                                  confirmation_share=0.34, seed=7)
    result = scientist.run(research_question=QUESTION, output_dir=folder, value_function=worth, on_event=on_event)
    for verdict in result.paper.verdicts:
        print(f"{verdict.verdict}: {verdict.statement}")
    print("Paper:", result.paper.pdf or result.paper.latex)
    report = aisci.verify_study(folder, value_function=worth)
    print(f"Verified: {len(report.problems)} problems in {len(report.checks)} checks")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=int, default=60, help="measurements (default 60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--study", metavar="FOLDER", help="also run a small real study there (some three minutes)")
    arguments = parser.parse_args()

    best = search(arguments.budget, arguments.seed)
    print(f"Best of {arguments.budget} measurements: knobs {best.state}, measured {best.visits} times")
    print(f"Believed yield {best.mean:.2f} +- {best.stddev:.2f}, of which {best.optimism:.3f} is the optimism of choosing;"
          f" the true one is {true_yield(best.state):.2f}")
    if arguments.study:
        study(arguments.study)


if __name__ == "__main__":
    main()
