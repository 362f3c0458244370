"""The template diagnostic: its measures are what they say, and its programs agree with its description."""

import contextlib
import json
import math
import pathlib
import tempfile
import unittest
from unittest import mock

import torch

import programs
from programs import TEMPLATES, result, run, trial

NAME = "diagnostic"
DESCRIPTION = programs.description(NAME)
FACTORS = DESCRIPTION["factors"]
DEFAULTS = {name: factor["default"] for name, factor in FACTORS.items()}
FAST = {**DEFAULTS, "depth": 2, "width": 32}


def setUpModule():
    global PREPARED, HOLDER
    HOLDER = tempfile.TemporaryDirectory()
    PREPARED = pathlib.Path(HOLDER.name)
    programs.prepare(NAME, PREPARED)


def tearDownModule():
    HOLDER.cleanup()


class Measures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        experiment = programs.load(NAME, "experiment")
        cls.measures, cls.models = experiment.measures, experiment.models

    def network(self, **config):
        torch.manual_seed(3)
        return self.models.Network({**FAST, **config})

    def images(self):
        return torch.rand(50, 8, 8, generator=torch.Generator().manual_seed(1)) * 2 - 1

    def test_Imbalance_CountsThePowersOfTenBetweenFirstAndLastLayer(self):
        network = self.network(depth=3)
        for layer, size in zip(network.linear, (1e-3, 7.0, 1e-1)):
            layer.weight.grad = torch.full_like(layer.weight, size)
        self.assertAlmostEqual(self.measures.imbalance(network), 2.0, places=5)
        network.linear[0].weight.grad.fill_(1e1)
        self.assertAlmostEqual(self.measures.imbalance(network), 2.0, places=5)

    def test_DeadUnits_AreThoseThatPassNoGradient(self):
        for activation, bias in (("relu", -100.0), ("sigmoid", 100.0), ("tanh", 100.0)):
            network = self.network(activation=activation, depth=1)
            before = self.measures.dead_units(network, self.images())
            with torch.no_grad():
                network.linear[0].bias[:8] = bias
            self.assertAlmostEqual(self.measures.dead_units(network, self.images()), max(8 / 32, before), msg=activation)
        with torch.no_grad():
            network = self.network(activation="leaky_relu", depth=1)
            network.linear[0].bias[:8] = -100.0
        self.assertLessEqual(self.measures.dead_units(network, self.images()), 8 / 32)

    def test_Cosine_AndTheSumWithoutConflict(self):
        right, up, left = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 3.0]), torch.tensor([-1.0, 1.0])
        self.assertEqual(self.measures.cosine(right, up), 0.0)
        self.assertAlmostEqual(self.measures.cosine(right, left), -(0.5 ** 0.5), places=5)
        self.assertEqual(self.measures.cosine(right, torch.zeros(2)), 0.0)
        self.assertTrue(torch.equal(self.measures.without_conflict(right, up), right + up))
        # (2, 0) loses its part along (-1, 1), which leaves (1, 1); (-1, 1) its part along (2, 0), which leaves (0, 1)
        self.assertTrue(torch.allclose(self.measures.without_conflict(right, left), torch.tensor([1.0, 2.0])))

    def test_GradientsOfAnySize_HaveACosine_ASumWithoutConflict_AndAnImbalance(self):
        for size in (1e30, 1e-30):  # whose squares a single number does not hold
            right, left = torch.tensor([2.0, 0.0]) * size, torch.tensor([-1.0, 1.0]) * size
            self.assertAlmostEqual(self.measures.cosine(right, left), -(0.5 ** 0.5), places=5)
            self.assertTrue(torch.allclose(self.measures.without_conflict(right, left) / size, torch.tensor([1.0, 2.0])))
        network = self.network(depth=2)
        for layer, size in zip(network.linear, (1e25, 1e22)):
            layer.weight.grad = torch.full_like(layer.weight, size)
        self.assertAlmostEqual(self.measures.imbalance(network), 3.0, places=5)
        with torch.no_grad():
            network.linear[-1].weight.mul_(1e20)
        self.assertTrue(math.isfinite(self.measures.activation_drift(network, self.images())))

    def test_ActivationDrift_GrowsWhereWeightsAreTooSmall(self):
        drift = {kind: self.measures.activation_drift(self.network(depth=8, initialisation=kind), self.images())
                 for kind in ("he", "small")}
        self.assertGreater(drift["small"], drift["he"] + 1)

    def test_EveryLevelOfEveryFactor_BuildsANetworkOfTheRightShape(self):
        for name in ("activation", "initialisation", "normalisation", "residual", "depth", "width", "second_term"):
            for level in FACTORS[name]["levels"]:
                digit, second = self.network(**{name: level})(self.images())
                self.assertEqual(digit.shape, (50, 10), f"{name}={level}")
                self.assertEqual(second.shape[1], self.models.SECOND_OUTPUTS[{**FAST, name: level}["second_term"]])
        self.assertEqual(set(FACTORS["activation"]["levels"]), set(self.models.ACTIVATIONS))


class Training(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def train(self, trials, **options):
        ended = run(self.folder, TEMPLATES / NAME / "experiment.py", trials, **{"data": PREPARED / "public", **options})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [result(self.folder, entry["id"]) for entry in trials]

    def test_SameSeedSameOutput_OtherSeedOtherOutput_AndEveryMetricIsReported(self):
        first, again, other = self.train([trial("t1", "a", 5, **FAST), trial("t2", "a", 5, **FAST), trial("t3", "a", 6, **FAST)])
        self.assertEqual((first["metrics"], first["predictions"]), (again["metrics"], again["predictions"]))
        self.assertNotEqual(first["metrics"], other["metrics"])
        mine = {name for name, metric in DESCRIPTION["metrics"].items() if metric["scored_by"] == "program"}
        self.assertLessEqual(mine, set(first["metrics"]))
        self.assertNotIn("accuracy", first["metrics"])

    def test_LearnsAndPredictsEveryImageInFileOrder(self):
        for split, folder in (("validation", "public"), ("confirmation", "confirmation")):
            found, = self.train([trial(split, "a", 5, **FAST)], data=PREPARED / folder, evaluate=split)
            labels = json.loads((PREPARED / f"labels/{split}.json").read_text())["labels"]
            hits = [a == b for a, b in zip(labels, found["predictions"]["labels"], strict=True)]
            self.assertGreater(sum(hits) / len(hits), 0.7)

    def test_TheCurveIsThatOfNamingTheDigit_WhateverTheSecondTermWeighs(self):
        heavy, = self.train([trial("t1", "a", 5, **{**DEFAULTS, "depth": 2, "second_term": "random", "second_weight": 3})])
        losses = [loss for _, loss in heavy["curves"]["train_loss"]]
        self.assertLess(losses[0], 3)  # the second term alone starts at three times 2.3
        self.assertLess(heavy["metrics"]["train_loss"], 1.5)

    def test_FactsAgreeWithTheProgram(self):
        experiment, facts = programs.load(NAME, "experiment"), {name: fact["value"] for name, fact in DESCRIPTION["facts"].items()}
        made = experiment.training.make_optimiser(experiment.OPTIMISER, torch.nn.Linear(2, 2).parameters(), 1.0)
        self.assertEqual((facts["steps"], facts["batch"], facts["clip_norm"], facts["momentum"]),
                         (experiment.STEPS, experiment.BATCH, experiment.CLIP_NORM, made.defaults["momentum"]))

    def test_KnownCauses_ShowInTheMeasures(self):
        plain, deep_sigmoid, fast, surgery = (document["metrics"] for document in self.train([
            trial("t1", "a", 5, **{**DEFAULTS, "depth": 4}),
            trial("t2", "b", 5, **{**DEFAULTS, "depth": 4, "activation": "sigmoid"}),
            trial("t3", "c", 5, **{**DEFAULTS, "depth": 4, "learning_rate": 0.2}),
            trial("t4", "d", 5, **{**DEFAULTS, "depth": 4, "surgery": "projection"})]))
        self.assertGreater(deep_sigmoid["gradient_imbalance"], plain["gradient_imbalance"] + 0.5, "sigmoids lose gradients")
        self.assertGreater(fast["dead_units"], plain["dead_units"], "large steps turn rectifiers off")
        self.assertNotEqual(surgery["train_loss"], plain["train_loss"])

    def alone(self, experiment, **config):
        """One trial in this process; how it ended."""
        settings = {"data": PREPARED / "public", "results": self.folder / "results", "evaluate": "validation", "threads": 1}
        one = experiment.aisci_experiment.Trial(trial("t1", "a", 5, **{**FAST, "steps": 12, **config}), settings)
        with contextlib.redirect_stdout(None):
            experiment.run(one)
        return result(self.folder, "t1")

    def test_PartsOfABatch_GiveTheWholeBatchsMeasures_AndSurgery(self):
        for surgery in ("none", "projection"):
            whole, parts = programs.load(NAME, "experiment"), programs.load(NAME, "experiment")
            first = self.alone(whole, surgery=surgery)["metrics"]

            class InParts(parts.training.Fit):
                def __init__(self):
                    super().__init__()
                    self.parts = 4

            with mock.patch.object(parts.training, "Fit", InParts):
                second = self.alone(parts, surgery=surgery)["metrics"]
            for name in ("gradient_cosine", "gradient_imbalance", "train_loss", "gradient_norm"):
                self.assertAlmostEqual(first[name], second[name], places=4, msg=f"{surgery}: {name}")

    def test_TheSmallestRuns_EndWithEveryMetric(self):
        for name, change in (("one step", {"steps": 1}), ("few steps", {"steps": 7}),
                             ("one example", {"steps": 12, "batch_size": 1, "normalisation": "batch"})):
            with self.subTest(name):
                ended = self.alone(programs.load(NAME, "experiment"), **change)
                mine = {name for name, metric in DESCRIPTION["metrics"].items() if metric["scored_by"] == "program"}
                self.assertLessEqual(mine, set(ended["metrics"]))
                self.assertEqual(ended["curves"]["train_loss"][-1][0], change["steps"])

    def test_ATrialThatWasCutShort_GoesOnToTheSameMeasures(self):
        experiment = programs.load(NAME, "experiment")
        undisturbed = self.alone(experiment)
        cosine, seen = experiment.measures.cosine, []

        def cut(*gradients):
            seen.append(1)
            if len(seen) == 8:
                raise KeyboardInterrupt
            return cosine(*gradients)

        (self.folder / "results/t1/metrics.json").unlink()
        with mock.patch.object(experiment.training, "CHECKPOINT_SECONDS", 0.0):
            with mock.patch.object(experiment.measures, "cosine", cut), self.assertRaises(KeyboardInterrupt):
                self.alone(experiment)
            with mock.patch.object(experiment.measures, "cosine", lambda *gradients: seen.append(2) or cosine(*gradients)):
                again = self.alone(experiment)
        self.assertEqual(seen.count(2), 12 - 7)
        self.assertEqual((again["metrics"], again["curves"]), (undisturbed["metrics"], undisturbed["curves"]))

    def test_ATrainingWithoutAFiniteGradient_IsAnOutcome(self):
        experiment = programs.load(NAME, "experiment")
        with mock.patch.object(experiment.training, "norm_of_gradients", lambda *_: math.inf):
            ended = self.alone(experiment)
        self.assertEqual((ended["diverged"], ended["divergence"]), (True, "no step had finite gradients"))

    def test_FactsAgreeWithThePrograms(self):
        experiment = programs.load(NAME, "experiment")
        facts = {name: fact["value"] for name, fact in DESCRIPTION["facts"].items()}
        self.assertEqual((facts["steps"], facts["batch"]), (experiment.STEPS, experiment.BATCH))


if __name__ == "__main__":
    unittest.main()
