"""The template image_classification: its description agrees with its programs, and its programs with the contract."""

import hashlib
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import numpy
import torch

from programs import MODULE, TEMPLATE, result, run, trial

DESCRIPTION = json.loads((TEMPLATE / "template.json").read_text(encoding="utf-8"))
FACTORS = DESCRIPTION["factors"]
DEFAULTS = {name: factor["default"] for name, factor in FACTORS.items()}
FAST = {**DEFAULTS, "model": "mlp", "width": 16}


def load(name):
    """A program's module, without running it and without leaving its folder on the path."""
    sys.path[:0] = [str(MODULE), str(TEMPLATE)]
    try:
        specification = importlib.util.spec_from_file_location(f"template_{name}", TEMPLATE / f"{name}.py")
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module
    finally:
        del sys.path[:2]


def setUpModule():
    global PREPARED, HOLDER
    HOLDER = tempfile.TemporaryDirectory()
    PREPARED = pathlib.Path(HOLDER.name)
    subprocess.run([sys.executable, TEMPLATE / "prepare.py", PREPARED], check=True)


def tearDownModule():
    HOLDER.cleanup()


def images_of(path):
    with numpy.load(PREPARED / path) as file:
        return file["images"]


def labels_of(split):
    return json.loads((PREPARED / f"labels/{split}.json").read_text())["labels"]


class Description(unittest.TestCase):
    def test_DefaultsAreLevels_AndOrderedLevelsIncrease(self):
        for name, factor in FACTORS.items():
            self.assertIn(factor["default"], factor["levels"], name)
            self.assertEqual(len(set(factor["levels"])), len(factor["levels"]), name)
            if factor["kind"] == "ordered":
                self.assertEqual(factor["levels"], sorted(factor["levels"]), name)
            else:
                self.assertEqual(factor["kind"], "categorical")
                self.assertEqual(set(factor["labels"]), set(factor["levels"]), name)

    def test_LabelsAndWordsBelongToLevels(self):
        for name, factor in FACTORS.items():
            levels = {level if isinstance(level, str) else f"{level:g}" for level in factor["levels"]}
            self.assertLessEqual(set(factor["labels"]), levels, name)
            self.assertLessEqual(set(factor["level_words"]), levels, name)

    def test_WordsAreLowerCaseAndNameOneThing(self):
        owners = {}
        for name, factor in FACTORS.items():
            lists = {name: factor["words"], **{f"{name}={level}": words for level, words in factor["level_words"].items()}}
            for owner, words in lists.items():
                self.assertTrue(words, owner)
                for word in words:
                    self.assertEqual(word, word.lower().strip(), owner)
                    self.assertEqual(owners.setdefault(word, owner), owner, f"{word} stands for two things")

    def test_EachFactorCanBeNamedInEnglishAndChinese(self):
        for name, factor in FACTORS.items():
            self.assertTrue(any(word.isascii() for word in factor["words"]), name)
            self.assertTrue(any(not word.isascii() for word in factor["words"]), name)

    def test_SettingsAndCostsSpeakOfLevelsThereAre(self):
        for setting in DESCRIPTION["settings"]:
            self.assertLessEqual(set(setting["levels"]), set(FACTORS[setting["factor"]]["levels"]), setting["words"][0])
        for name, seconds in DESCRIPTION["cost"]["by_level"].items():
            levels = {level if isinstance(level, str) else f"{level:g}" for level in FACTORS[name]["levels"]}
            self.assertLessEqual(set(seconds), levels)
            self.assertTrue(all(value > 0 for value in seconds.values()))

    def test_MetricsHaveWhatAPlanNeeds(self):
        self.assertIn(DESCRIPTION["metric"], DESCRIPTION["metrics"])
        for name, metric in DESCRIPTION["metrics"].items():
            self.assertIn(metric["direction"], ("higher", "lower"), name)
            self.assertIn(metric["scored_by"], ("host", "program"), name)
            self.assertGreater(metric["smallest_effect"], 0, name)
            self.assertGreater(len(metric["smallest_effect_reason"]), 40, name)

    def test_FilesAreThere(self):
        for name in DESCRIPTION["files"] + DESCRIPTION["prepare_files"]:
            self.assertTrue((TEMPLATE / name).is_file(), name)

    def test_FactsAgreeWithThePrograms(self):
        experiment, facts = load("experiment"), {name: fact["value"] for name, fact in DESCRIPTION["facts"].items()}
        models = experiment.models
        self.assertEqual((facts["steps"], facts["warm_up_steps"]), (experiment.STEPS, experiment.WARM_UP_STEPS))
        self.assertEqual((facts["image_side"], facts["patch_side"], facts["heads"]),
                         (models.IMAGE_SIDE, models.PATCH_SIDE, models.HEADS))
        self.assertEqual(facts["tokens"], (models.IMAGE_SIDE // models.PATCH_SIDE) ** 2)
        self.assertEqual(set(FACTORS["activation"]["levels"]), set(models.ACTIVATIONS))
        self.assertEqual(set(FACTORS["model"]["levels"]), set(models.ARCHITECTURES))


class Preparation(unittest.TestCase):
    def test_CountsAreTheDescriptions(self):
        splits = json.loads((PREPARED / "splits.json").read_text())
        self.assertEqual(splits["counts"], DESCRIPTION["dataset"]["splits"])
        self.assertEqual((splits["images"], splits["classes"]), (DESCRIPTION["dataset"]["images"], DESCRIPTION["dataset"]["classes"]))
        for path, digest in splits["sha256"].items():
            self.assertEqual(hashlib.sha256((PREPARED / path).read_bytes()).hexdigest(), digest, path)
        self.assertEqual(len(labels_of("validation")), len(images_of("public/validation.npz")))
        self.assertEqual(len(labels_of("confirmation")), len(images_of("confirmation/confirmation.npz")))

    def test_NoImageIsInTwoSplits(self):
        splits = [{image.tobytes() for image in images_of(path)}
                  for path in ("public/train.npz", "public/validation.npz", "confirmation/confirmation.npz")]
        self.assertFalse(splits[0] & splits[1] or splits[0] & splits[2] or splits[1] & splits[2])

    def test_TrialsSeeNoLabelOfTheImagesTheyAreJudgedBy(self):
        seen = {str(path.relative_to(PREPARED)) for folder in ("public", "confirmation") for path in (PREPARED / folder).iterdir()}
        self.assertEqual(seen, {"public/train.npz", "public/validation.npz", "confirmation/train.npz", "confirmation/confirmation.npz"})
        for path in ("public/validation.npz", "confirmation/confirmation.npz"):
            with numpy.load(PREPARED / path) as file:
                self.assertEqual(file.files, ["images"])

    def test_EveryClassIsInEverySplit(self):
        with numpy.load(PREPARED / "public/train.npz") as file:
            train = file["labels"].tolist()
        for labels in (train, labels_of("validation"), labels_of("confirmation")):
            self.assertTrue(all(labels.count(digit) > 0.06 * len(labels) for digit in range(10)))

    def test_ASecondRunGivesTheSameBytes(self):
        with tempfile.TemporaryDirectory() as again:
            subprocess.run([sys.executable, TEMPLATE / "prepare.py", again], check=True)
            self.assertEqual((pathlib.Path(again) / "splits.json").read_bytes(), (PREPARED / "splits.json").read_bytes())

    def test_SplitDoesNotDependOnTheOrderOfTheSource_AndKeepsEqualImagesTogether(self):
        prepare = load("prepare")
        generator = random.Random(3)
        images = [numpy.array([[generator.randrange(17) for _ in range(8)] for _ in range(8)], dtype=numpy.uint8) for _ in range(1200)]
        images += [images[i] for i in range(0, 1200, 3)]  # every third twice

        def members(order):
            splits = prepare.split_by_content([images[i] for i in order])
            return {name: {images[order[i]].tobytes() for i in indices} for name, indices in splits.items()}

        shuffled = list(range(len(images)))
        generator.shuffle(shuffled)
        first, second = members(list(range(len(images)))), members(shuffled)
        self.assertEqual(first, second)
        self.assertFalse(first["train"] & first["validation"] or first["validation"] & first["confirmation"]
                         or first["train"] & first["confirmation"])


class Training(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def train(self, trials, **options):
        ended = run(self.folder, TEMPLATE / "experiment.py", trials, **{"data": PREPARED / "public", **options})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [{name: value for name, value in result(self.folder, entry["id"]).items() if name not in ("trial", "volatile")}
                for entry in trials]

    def test_SameSeedSameOutput_OtherSeedOtherOutput_InOneProcess(self):
        first, again, other = self.train([trial("t001", "a", 5, **FAST), trial("t002", "a", 5, **FAST), trial("t003", "a", 6, **FAST)])
        self.assertEqual(first, again)
        self.assertNotEqual(first["predictions"], other["predictions"])
        self.assertNotEqual(first["curves"], other["curves"])

    def test_Trial_LearnsAndPredictsEveryImageInFileOrder(self):
        for split, folder in (("validation", "public"), ("confirmation", "confirmation")):
            found, = self.train([trial("t001", "a", 5, **FAST)], data=PREPARED / folder, evaluate=split)
            labels, predicted = labels_of(split), found["predictions"]["labels"]
            self.assertEqual((found["predictions"]["split"], len(predicted)), (split, len(labels)))
            accuracy = sum(a == b for a, b in zip(labels, predicted)) / len(labels)
            self.assertGreater(accuracy, 0.6)
        self.assertEqual([step for step, _ in found["curves"]["train_loss"]], list(range(10, 161, 10)))
        self.assertEqual(set(DESCRIPTION["metrics"]) - {"accuracy"} - set(found["metrics"]), set())

    def test_ExplodingTraining_IsAnOutcome(self):
        wild = {**FAST, "learning_rate": 1e30, "normalisation": "none"}
        diverged, after = self.train([trial("t001", "wild", 5, **wild), trial("t002", "a", 5, **FAST)])
        self.assertIs(diverged["diverged"], True)
        self.assertIs(after["diverged"], False)

    def test_CorruptData_IsNamedSo(self):
        (self.folder / "data").mkdir()
        (self.folder / "data/train.npz").write_bytes(b"PK\x03\x04 cut")
        ended = run(self.folder, TEMPLATE / "experiment.py", [trial("t001", "a", 5, **FAST)], data=self.folder / "data")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(result(self.folder, name="error.json")["class"], "corrupt_data")

    def test_ProgramsReadNoLabelsOfTheirOwn(self):
        for name in DESCRIPTION["files"]:
            self.assertNotIn("sklearn", (TEMPLATE / name).read_text())


class CommonRandomNumbers(unittest.TestCase):
    """What a seed fixes must be the same in every arm."""

    @classmethod
    def setUpClass(cls):
        cls.experiment = load("experiment")

    def a_trial(self, arm="a", seed=5, **config):
        import aisci_experiment  # loaded with the experiment
        settings = {"data": PREPARED / "public", "results": pathlib.Path("/nowhere"), "evaluate": "validation", "threads": 1}
        return aisci_experiment.Trial(trial("t001", arm, seed, **{**DEFAULTS, **config}), settings)

    def test_TrainingSubset_FollowsTheSeedAndNotTheArm_AndIsNested(self):
        images = torch.arange(900.0)
        def subset(**options):
            return self.experiment.training_subset(self.a_trial(**options), images, images)[0].tolist()
        self.assertEqual(subset(arm="relu", activation="relu"), subset(arm="gelu", model="cnn", dropout=0.4, width=64))
        self.assertNotEqual(subset(seed=5), subset(seed=6))
        self.assertEqual(subset(train_size=800)[:50], subset(train_size=50))

    def test_BatchOrder_FollowsTheSeedAndNotTheArm(self):
        def order(**options):
            return torch.cat(self.experiment.batch_indices(self.a_trial(**options), 200)).tolist()
        self.assertEqual(order(activation="relu"), order(activation="tanh", label_smoothing=0.1))
        self.assertNotEqual(order(seed=5), order(seed=6))

    def test_Batches_PassOverEveryExampleEquallyOften(self):
        batches = self.experiment.batch_indices(self.a_trial(batch_size=12), 50)
        self.assertEqual({len(batch) for batch in batches}, {12})
        self.assertEqual(len(batches), self.experiment.STEPS)
        counts = torch.cat(batches).bincount(minlength=50)
        self.assertLessEqual(int(counts.max() - counts.min()), 1)

    def test_InitialWeights_FollowTheSeedAndNotTheActivation(self):
        def weights(activation, seed):
            torch.manual_seed(self.a_trial(seed=seed).seed_for("initialisation"))
            model = self.experiment.models.build({**DEFAULTS, "activation": activation})
            return torch.cat([parameter.flatten() for parameter in model.parameters()])
        self.assertTrue(torch.equal(weights("relu", 5), weights("sigmoid", 5)))
        self.assertFalse(torch.equal(weights("relu", 5), weights("relu", 6)))

    def test_EveryLevelOfEveryFactor_BuildsAModelOfTheRightShape(self):
        images = torch.zeros(3, 8, 8)
        for model in FACTORS["model"]["levels"]:
            for name in ("activation", "normalisation", "dropout", "width", "depth"):
                for level in FACTORS[name]["levels"]:
                    built = self.experiment.models.build({**DEFAULTS, "model": model, name: level})
                    self.assertEqual(tuple(built(images).shape), (3, 10), f"{model} {name}={level}")

    def test_Normalisation_IsInEveryArchitecture(self):
        def count(model, normalisation, *kinds):
            built = self.experiment.models.build({**DEFAULTS, "model": model, "normalisation": normalisation})
            return sum(isinstance(part, kinds) for part in built.modules())
        norms = torch.nn
        for model in FACTORS["model"]["levels"]:
            self.assertEqual(count(model, "none", norms.LayerNorm, norms.GroupNorm, norms.BatchNorm1d, norms.BatchNorm2d), 0)
            self.assertGreaterEqual(count(model, "layer", norms.LayerNorm, norms.GroupNorm), 2)
            self.assertGreaterEqual(count(model, "batch", norms.BatchNorm1d, norms.BatchNorm2d), 2)

    def test_LearningRate_WarmsUpAndEndsNearZero(self):
        shares = [self.experiment.learning_rate_share(step) for step in range(self.experiment.STEPS)]
        peak = shares.index(1.0)
        self.assertEqual(shares[:peak + 1], sorted(shares[:peak + 1]))
        self.assertEqual(shares[peak:], sorted(shares[peak:], reverse=True))
        self.assertLess(shares[-1], 0.001)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    unittest.main()
