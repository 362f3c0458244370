#!/usr/bin/env python3
"""A search whose evaluations run in four threads, and break now and then.

    PYTHONPATH=build/release/python "$(bash setup.sh --python)" examples/python/search_in_threads.py

A lease is a context manager: an evaluation that raises gives its lease back, and the search asks for the same or
something better again. A lease that were lost instead would be waited for by all other threads.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import aisci

THREADS, BUDGET = 4, 60


def evaluate(place: float, draws: random.Random) -> float:
    """Best at 0.7, and noisy; one call in ten never gets that far."""
    if draws.random() < 0.1:
        raise ConnectionError("the machine is gone")
    return 1 - (place - 0.7) ** 2 + draws.gauss(0, 0.02)


def work(search: aisci.mcts.Search[float], broken: list[str]) -> None:
    while lease := search.ask():
        draws = random.Random(lease.seed)
        try:
            with lease:
                if lease.kind == "draft":
                    place = draws.random()
                elif lease.kind == "replicate":
                    place = lease.state
                else:
                    place = lease.parent_state + draws.gauss(0, 0.1)
                search.tell(lease, state=place, value=evaluate(place, draws))
        except ConnectionError as error:
            broken.append(f"{lease}: {error}")


def main() -> None:
    search: aisci.mcts.Search[float] = aisci.mcts.Search(budget=BUDGET, seed=1)
    broken: list[str] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for worker in [pool.submit(work, search, broken) for _ in range(THREADS)]:
            worker.result()  # raises what ended the worker
    best = search.best()
    assert best is not None
    print(f"{BUDGET - search.evaluations_left} evaluations told, {len(broken)} given back, {search.pending} lost")
    print(f"Best at {best.state:.2f}, believed to be worth {best.mean:.2f} +- {best.stddev:.2f}")


if __name__ == "__main__":
    main()
