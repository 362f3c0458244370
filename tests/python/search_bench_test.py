"""The Python programs of the search benchmark: a recorded landscape as they read it, and the player that knows it."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

BENCH = pathlib.Path(__file__).resolve().parents[1] / "bench/search"
sys.path.insert(0, str(BENCH))

import knowing_player  # noqa: E402
from landscape import Landscape  # noqa: E402


def recorded(folder, levels=4, factors=4, seeds=8, noise=0.3):
    """A smooth landscape: every configuration of a few factors, worth the sum of its levels."""
    generator = np.random.default_rng(5)
    configs = np.stack(np.meshgrid(*[np.arange(levels)] * factors), -1).reshape(-1, factors)
    values = configs.sum(1, keepdims=True) / factors + noise * generator.standard_normal((len(configs), seeds))
    rows = [{"config": [int(c) for c in config], "val": [float(v) for v in val]} for config, val in zip(configs, values)]
    path = pathlib.Path(folder) / "smooth.json"
    path.write_text(json.dumps({"$schema": "aisci-landscape/1", "name": "smooth", "space": {f"f{i}": list(range(levels)) for i in range(factors)}, "rows": rows}))
    return path


class Landscapes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = recorded(self.folder.name)

    def test_Neighbours_DifferInAtMostTwoFactorsAndAreNotTheRowItself(self):
        configs = [row["config"] for row in json.loads(self.path.read_text())["rows"]]
        near = Landscape(self.path).near
        for i in (0, 17, 255):
            expected = [j for j in range(len(configs)) if j != i and sum(a != b for a, b in zip(configs[i], configs[j])) <= 2]
            self.assertEqual(list(near[i]), expected)

    def test_Regret_IsZeroForWhatTheFirstHalfRanksHighestAndOneForTheMedian(self):
        landscape = Landscape(self.path, float)
        best = np.argsort(-landscape.val[:, :4].mean(1), kind="stable")[: len(landscape.val) // 100]
        self.assertAlmostEqual(landscape.regret(best).mean(), 0, places=12)
        self.assertAlmostEqual(landscape.regret(int(np.argsort(landscape.other)[len(landscape.other) // 2])), 1, places=12)


class KnowingPlayer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = recorded(self.folder.name)
        self.known = knowing_player.Known(self.path)

    def test_Beliefs_AreThePosteriorOfTheWholeTree(self):
        """Against the sum over all values of three nodes: a draft, an improvement of it, and one of that."""
        known = self.known
        game = knowing_player.Game(known, np.random.default_rng(3))
        for parent in (-1, 0, 1):
            game.add(parent)
        factors = [np.ones(knowing_player.BINS) for _ in range(3)]
        likelihood = known.likelihood
        for node in (0, 2, 1, 2, 0):
            seen = []
            known.likelihood = lambda score: seen.append(likelihood(score)) or seen[-1]
            game.score(node)
            factors[node] = factors[node] * seen[0]
        joint = (known.prior * factors[0])[:, None, None] * (known.step * factors[1])[:, :, None] * (known.step * factors[2])[None, :, :]
        joint /= joint.sum()
        expected = np.stack([joint.sum((1, 2)), joint.sum((0, 2)), joint.sum((0, 1))], 1)
        np.testing.assert_allclose(game.beliefs(), expected, atol=1e-10)

    def test_MoreBudgetLowersItsRegret_AndTheSameSeedPlaysTheSame(self):
        regret = {budget: np.mean([knowing_player.play(self.known, budget, budget // 2, (1, 1, 1), seed) for seed in range(40)]) for budget in (5, 60)}
        self.assertLess(regret[60], regret[5])
        self.assertEqual(*(knowing_player.play(self.known, 20, 8, (1, 1, 1), 7) for _ in range(2)))

    def test_WhereEveryTrialFails_TheMedianIsPublished(self):
        self.assertEqual(knowing_player.play(self.known, 0, 0, (1, 1, 1), 1), 1.0)

    def test_TheProgram_PrintsAndWritesEachCell(self):
        out = pathlib.Path(self.folder.name) / "out.jsonl"
        run = subprocess.run(
            [sys.executable, str(BENCH / "knowing_player.py"), "--landscapes", self.folder.name, "--repetitions", "2", "--budgets", "6,8", "--out", str(out)],
            capture_output=True, text=True, check=True)
        cells = [json.loads(line) for line in out.read_text().splitlines()]
        self.assertEqual([(cell["budget"], cell["improvements"]) for cell in cells], [(6, False), (6, True), (8, False), (8, True)])
        self.assertTrue(all(with_["regret"] <= without["regret"] for without, with_ in zip(cells[::2], cells[1::2])), cells)
        total = sum(cell["regret"] for cell in cells if cell["improvements"])
        self.assertIn(f"sum without and with improvements: {sum(c['regret'] for c in cells) - total:.3f} {total:.3f}", run.stdout)


if __name__ == "__main__":
    unittest.main()
