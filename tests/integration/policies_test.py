#!/usr/bin/python3
"""Search policies in whole studies from the command line: real experiments of the smallest template there is.

Usage: policies_test.py AISCI [NAME...]
"""

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

AISCI = sys.argv[1]
QUESTION = "How does the degree of a curve affect its fit when there are few points?"
SMALL = ["--template", "./curves", "--confirm", "0.1", "--seed", "7", "--parallel", "2", "--quiet"]


class Policies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory(prefix="aisci-policies-")
        cls.addClassCleanup(home.cleanup)
        cls.folder = pathlib.Path(home.name)
        made = cls.cli("template", "new", "curves")
        assert made.returncode == 0, made.stderr

    @classmethod
    def cli(cls, *words, **environment):
        return subprocess.run([AISCI, *map(str, words)], cwd=cls.folder, capture_output=True, text=True, timeout=900,
                              env={**os.environ, **environment})

    def events(self, study, kind):
        with sqlite3.connect(f"file:{self.folder}/{study}/study.db?mode=ro", uri=True) as database:
            return [(key, json.loads(body)) for key, body in
                    database.execute("select key, body from events where type = ? order by sequence", (kind,))]

    def told(self, study, policy, order):
        """What ledger, `show` and the tree page tell of the search, which must agree; the nodes by name."""
        (_, ended), = self.events(study, "search.ended")
        self.assertEqual((ended["policy"], ended["order"]), (policy, order))
        shown = json.loads(self.cli("show", study, "--json").stdout)
        nodes = {node["id"]: node for node in shown["nodes"]}
        self.assertEqual((shown["study"]["policy"], shown["study"]["order"]), (policy, order))
        self.assertEqual({name: node["posterior"] for name, node in nodes.items() if "posterior" in node},
                         ended["posteriors"])
        leader = shown["study"]["leader"]
        self.assertEqual(leader, ended["leader"])
        self.assertEqual(leader["node"], max(ended["posteriors"], key=lambda name: ended["posteriors"][name]["mean"]))
        page = (self.folder / study / "tree.html").read_text()
        self.assertIn(f"by the policy {policy}, holds {leader['node']} to be worth most", page)
        self.assertIn(f"of which {leader['optimism']:.2f} is expected to be the optimism", re.sub(r"\s+", " ", page))
        for posterior in ended["posteriors"].values():
            self.assertGreater(posterior["sd"], 0)
            self.assertIn(f"posterior {posterior['mean']:.2f}", page)
        return nodes

    def test_adaptive_runs_nodes_again_and_replicates_are_new_blocks(self):
        # Two hypotheses and nothing to refine: what is left of four evaluations can only be replicates.
        ran = self.cli("run", QUESTION, "-o", "adaptive", "--policy", "adaptive", "--max-experiments", "4",
                       "--hypotheses", "2", "--keep", "2", "--tree-search", "false", *SMALL)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        nodes = self.told("adaptive", "adaptive", "ticket")
        self.assertEqual(sorted(nodes), ["n1", "n2"])
        self.assertEqual(sum(node["experiments"] for node in nodes.values()), 4)
        blocks, errors = {}, {}
        for key, body in self.events("adaptive", "node.evaluated"):
            node, _, number = key.partition("/")
            self.assertEqual(len(body["evidence"]["blocks"]), 5 * int(number or 1))
            earlier = blocks.setdefault(node, [])
            self.assertEqual(body["evidence"]["blocks"][:len(earlier)], earlier, "the old blocks, and new ones")
            blocks[node] = body["evidence"]["blocks"]
            self.assertGreaterEqual(body["score"]["stddev"], 0)
            errors.setdefault(node, []).append(body["score"]["stddev"])
        self.assertEqual(sorted(len(list_) for list_ in blocks.values())[-1] // 5,
                         max(node["experiments"] for node in nodes.values()))
        verified = self.cli("verify", "adaptive")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_another_policy_in_order_of_arrival(self):
        ran = self.cli("run", QUESTION, "-o", "puct", "--policy", "puct", "--max-experiments", "3", "--hypotheses", "2",
                       "--keep", "2", *SMALL, AISCI_ORDER="arrival")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        nodes = self.told("puct", "puct", "arrival")
        self.assertEqual(sorted(nodes), ["n1", "n2", "n3"])
        arrived = [body["experiment"] for _, body in self.events("puct", "search.arrived")]
        self.assertEqual([key for key, _ in self.events("puct", "node.evaluated")][:len(arrived)], arrived)
        self.assertGreaterEqual(len(arrived), 1)
        verified = self.cli("verify", "puct")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_words_that_are_none(self):
        for words, says in ((("--policy", "best"), "known are adaptive, greedy, puct, random, thompson, ucb1, uct"),
                            (("--order", "any"), "expected ticket or arrival")):
            refused = self.cli("run", QUESTION, "-o", "refused", *words, *SMALL)
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertIn(says, refused.stderr)
            self.assertFalse((self.folder / "refused").exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
