"""The template optimization: its programs agree with its description and with the contract, on each of its data sets."""

import json
import math
import pathlib
import tempfile
import unittest

import numpy
import torch

import programs
from programs import TEMPLATES, result, run, trial

NAME = "optimization"
DESCRIPTION = programs.description(NAME)
FACTORS = DESCRIPTION["factors"]
DEFAULTS = {name: factor["default"] for name, factor in FACTORS.items()}


def setUpModule():
    global PREPARED, HOLDER
    HOLDER = tempfile.TemporaryDirectory()
    PREPARED = pathlib.Path(HOLDER.name)
    for variant in DESCRIPTION["variants"]:
        programs.prepare(NAME, PREPARED / variant, variant)


def tearDownModule():
    HOLDER.cleanup()


def dataset_of(variant):
    return {**DESCRIPTION["dataset"], **DESCRIPTION["variants"][variant].get("dataset", {})}


def labels_of(variant, split):
    return numpy.array(json.loads((PREPARED / variant / f"labels/{split}.json").read_text())["labels"])


def all_labels_of(variant):
    """Of all rows, whatever split they are in."""
    with numpy.load(PREPARED / variant / "public/train.npz") as file:
        return [*file["labels"].tolist(), *labels_of(variant, "validation").tolist(), *labels_of(variant, "confirmation").tolist()]


class Preparation(unittest.TestCase):
    def test_CountsAreTheDescriptions_AndNoRowIsInTwoSplits(self):
        for variant in DESCRIPTION["variants"]:
            splits, dataset = json.loads((PREPARED / variant / "splits.json").read_text()), dataset_of(variant)
            self.assertEqual(splits["counts"], dataset["splits"], variant)
            self.assertEqual((splits["examples"], splits.get("classes")), (dataset["examples"], dataset["classes"]), variant)
            rows = []
            for path in ("public/train.npz", "public/validation.npz", "confirmation/confirmation.npz"):
                with numpy.load(PREPARED / variant / path) as file:
                    self.assertEqual("labels" in file.files, "train" in path, "labels that judge stay with the host")
                    rows.append({row.tobytes() for row in file["inputs"]})
                    facts = {**DESCRIPTION["facts"], **DESCRIPTION["variants"][variant].get("facts", {})}
                    self.assertEqual(file["inputs"].shape[1], facts["features"]["value"])
            self.assertFalse(rows[0] & rows[1] or rows[0] & rows[2] or rows[1] & rows[2], variant)

    def test_ChanceIsWhatGuessingScores(self):
        for variant in DESCRIPTION["variants"]:
            metrics, dataset = DESCRIPTION["variants"][variant].get("metrics", {}), dataset_of(variant)
            chance = {name: metrics.get(name, {}).get("chance", metric["chance"])
                      for name, metric in DESCRIPTION["metrics"].items() if metrics.get(name, {}) is not None}
            guess = math.log(dataset["classes"]) if dataset["classes"] else 1.0
            self.assertAlmostEqual(chance["log_train_loss"], math.log10(guess), places=6)
            if dataset["classes"]:
                self.assertAlmostEqual(chance["log_loss"], guess, places=6)
                labels = all_labels_of(variant)
                self.assertAlmostEqual(chance["accuracy"], max(map(labels.count, labels)) / len(labels), places=4)


class Description(unittest.TestCase):
    def test_PeakRates_AreThoseOfTheProgram_OnEachDataSet(self):
        experiment = programs.load(NAME, "experiment")
        for variant in DESCRIPTION["variants"]:
            patch = DESCRIPTION["variants"][variant].get("facts", {})
            known = experiment.RATE_OF["classes" if dataset_of(variant)["classes"] else "numbers"]
            for model, rates in known.items():
                for optimiser, rate in rates.items():
                    name = f"rate_{model}_{optimiser}"
                    fact = {**DESCRIPTION["facts"][name], **patch.get(name, {})}
                    self.assertEqual(fact["value"], rate, f"{variant}: {name}")
                    self.assertEqual(fact["applies_to"], [{"factor": "model", "levels": [model]},
                                                          {"factor": "optimiser", "levels": [optimiser]}])
        weights = torch.nn.Linear(2, 2).parameters
        for name in ("momentum", "nesterov"):
            self.assertEqual(experiment.training.make_optimiser(name, weights(), 1.0).defaults["momentum"],
                             DESCRIPTION["facts"]["momentum"]["value"])

    def test_TheRatesAreSaidToComeFromThePilotThatChoseThem(self):
        for variant in DESCRIPTION["variants"]:
            facts = {**DESCRIPTION["facts"], **DESCRIPTION["variants"][variant].get("facts", {})}
            self.assertEqual("digits" in facts["pilot_rows"]["value"], variant == "breast_cancer", variant)
            self.assertEqual("lowest that was tried" in facts["grid_ends"]["value"], variant == "diabetes", variant)
            marked = {name for name, fact in facts.items() if "lowest tried" in fact.get("title", "")}
            ends = {"rate_mlp_momentum", "rate_mlp_nesterov", "rate_mlp_rmsprop", "rate_deep_rmsprop"}
            self.assertEqual(marked, ends if variant == "diabetes" else set(), variant)


class Training(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def train(self, trials, variant="digits", folder="public", **options):
        ended = run(self.folder, TEMPLATES / NAME / "experiment.py", trials,
                    **{"data": PREPARED / variant / folder, **options})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [result(self.folder, entry["id"]) for entry in trials]

    def test_EveryDataSet_IsLearned_AndEveryRowIsPredictedInFileOrder(self):
        for split, folder in (("validation", "public"), ("confirmation", "confirmation")):
            for variant, best in (("digits", 0.9), ("breast_cancer", 0.9)):
                found, = self.train([trial(f"{variant}-{split}", "a", 5, **DEFAULTS)], variant, folder, evaluate=split)
                rows, labels = numpy.array(found["predictions"]["probabilities"]), labels_of(variant, split)
                self.assertEqual((found["predictions"]["split"], len(rows)), (split, len(labels)))
                self.assertLess(abs(rows.sum(axis=1) - 1).max(), 1e-4)
                self.assertGreater((rows.argmax(axis=1) == labels).mean(), best)
                self.assertGreater(rows.min(), 0)
            found, = self.train([trial(f"diabetes-{split}", "a", 5, **{**DEFAULTS, "model": "linear"})],
                                "diabetes", folder, evaluate=split)
            labels = labels_of("diabetes", split)
            errors = numpy.array(found["predictions"]["values"]) - labels
            self.assertLess(numpy.sqrt((errors ** 2).mean()), 0.9 * labels.std())

    def test_SameSeedSameOutput_OtherSeedOtherOutput(self):
        first, again, other = self.train([trial("t1", "a", 5, **DEFAULTS), trial("t2", "a", 5, **DEFAULTS), trial("t3", "a", 6, **DEFAULTS)])
        self.assertEqual((first["metrics"], first["predictions"]), (again["metrics"], again["predictions"]))
        self.assertNotEqual(first["metrics"], other["metrics"])

    def test_EveryLevelOfEveryFactor_RunsAndReportsEveryMetric(self):
        arms = [(name, level) for name, factor in FACTORS.items() for level in factor["levels"] if level != factor["default"]]
        found = self.train([trial(f"t{i}", "a", 5, **{**DEFAULTS, "steps": 50, name: level}) for i, (name, level) in enumerate(arms)])
        mine = {name for name, metric in DESCRIPTION["metrics"].items() if metric["scored_by"] == "program"}
        for (name, level), document in zip(arms, found):
            self.assertTrue(document["diverged"] or mine <= set(document["metrics"]), f"{name}={level}")
        outputs = {json.dumps(document["metrics"]) for document in found if not document["diverged"]}
        self.assertEqual(len(outputs), sum(not document["diverged"] for document in found), "two levels give one result")

    def test_WeightsOfAnySize_HaveANorm(self):
        model = torch.nn.Linear(2, 1)
        with torch.no_grad():
            model.weight.copy_(torch.tensor([[3e25, 4e25]]))
            model.bias.zero_()
        self.assertAlmostEqual(programs.load(NAME, "experiment").weight_norm(model) / 5e25, 1.0, places=5)

    def test_ATrainingThatEndsWorseThanGuessing_HasDiverged(self):
        wild, calm = self.train([trial("t1", "wild", 5, **{**DEFAULTS, "optimiser": "momentum", "learning_rate": 1e6}),
                                 trial("t2", "calm", 5, **DEFAULTS)])
        self.assertEqual((wild["diverged"], calm["diverged"]), (True, False))
        self.assertLess(calm["metrics"]["log_train_loss"], -1)


class CommonRandomNumbers(unittest.TestCase):
    def test_InitialWeights_FollowTheSeedAndTheModel_AndNothingElse(self):
        experiment = programs.load(NAME, "experiment")
        settings = {"data": PREPARED / "digits/public", "results": pathlib.Path("/nowhere"), "evaluate": "validation", "threads": 1}

        def weights(seed=5, **config):
            run_of = experiment.aisci_experiment.Trial(trial("t1", "a", seed, **{**DEFAULTS, **config}), settings)
            problem = experiment.problems.Problem(run_of.data, "validation", run_of.config["scaling"])
            torch.manual_seed(run_of.seed_for("initialisation"))
            return torch.cat([value.flatten() for value in problem.model(run_of.config["model"]).parameters()])

        self.assertTrue(torch.equal(weights(optimiser="sgd"), weights(optimiser="adam", scaling="raw", batch_size=8)))
        self.assertFalse(torch.equal(weights(seed=5), weights(seed=6)))
        self.assertEqual(set(FACTORS["model"]["levels"]), set(experiment.problems.MODELS))
        for rates in (rates for models in experiment.RATE_OF.values() for rates in models.values()):
            self.assertEqual(set(FACTORS["optimiser"]["levels"]), set(rates))
        self.assertEqual(set(FACTORS["schedule"]["levels"]), set(experiment.training.SCHEDULES))


if __name__ == "__main__":
    unittest.main()
