"""Speed of ask and tell from Python: pairs a second for each policy at 1,000 nodes, and with features and threads.

    PYTHONPATH=build/release/python "$(bash setup.sh --python)" tests/bench/python_search.py
"""

import threading
import time

import aisci
from aisci.mcts import Search


def pairs(search, features=None, threads=1):
    """Asks and tells to the end of the budget; pairs a second."""
    def work():
        while lease := search.ask():
            value = (lease.seed % 1000) / 1000
            search.tell(lease, state=value, value=value, features=features(lease) if features else None)

    began = time.perf_counter()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return search.budget / (time.perf_counter() - began)


def report(name, rate):
    print(f"{name:44} {rate:12,.0f} ask+tell/s")


def main():
    for policy in aisci.mcts.policy_names():
        report(f"{policy}, 1,000 nodes", max(pairs(Search(policy=policy, budget=1000)) for _ in range(3)))
    report("adaptive, 1,000 nodes, 64 features",
           pairs(Search(policy="adaptive", budget=1000), lambda lease: [((lease.seed >> i) % 7) / 7 for i in range(64)]))
    report("adaptive, 1,000 nodes, 4 threads", pairs(Search(policy="adaptive", budget=1000), threads=4))


if __name__ == "__main__":
    main()
