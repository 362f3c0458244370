"""The template image_classification: its programs agree with its description and with the contract."""

import contextlib
import hashlib
import inspect
import json
import math
import os
import pathlib
import random
import tempfile
import unittest
from unittest import mock

import numpy
import torch

import programs
from programs import TEMPLATES, result, run, trial

NAME = "image_classification"
TEMPLATE = TEMPLATES / NAME
DESCRIPTION = programs.description(NAME)
FACTORS = DESCRIPTION["factors"]
DEFAULTS = {name: factor["default"] for name, factor in FACTORS.items()}
FAST = {**DEFAULTS, "model": "mlp", "width": 16}


def setUpModule():
    global PREPARED, HOLDER
    HOLDER = tempfile.TemporaryDirectory()
    PREPARED = pathlib.Path(HOLDER.name)
    programs.prepare(NAME, PREPARED)


def tearDownModule():
    HOLDER.cleanup()


def images_of(path):
    with numpy.load(PREPARED / path) as file:
        return file["images"]


def labels_of(split):
    return json.loads((PREPARED / f"labels/{split}.json").read_text())["labels"]


class Preparation(unittest.TestCase):
    def test_CountsAreTheDescriptions(self):
        splits = json.loads((PREPARED / "splits.json").read_text())
        self.assertEqual(splits["counts"], DESCRIPTION["dataset"]["splits"])
        dataset = DESCRIPTION["dataset"]
        self.assertEqual((splits["examples"], splits["classes"]),
                         (dataset.get("examples", dataset.get("images")), dataset["classes"]))
        for path, digest in splits["sha256"].items():
            self.assertEqual(hashlib.sha256((PREPARED / path).read_bytes()).hexdigest(), digest, path)
        self.assertEqual(len(labels_of("validation")), len(images_of("public/validation.npz")))
        self.assertEqual(len(labels_of("confirmation")), len(images_of("confirmation/confirmation.npz")))

    def test_ChanceIsTheShareOfTheCommonestClass(self):
        labels = labels_of("validation") + labels_of("confirmation")
        with numpy.load(PREPARED / "public/train.npz") as file:
            labels += file["labels"].tolist()
        share = max(map(labels.count, labels)) / len(labels)
        for name in (NAME, "diagnostic"):
            self.assertAlmostEqual(programs.description(name)["metrics"]["accuracy"]["chance"], share, places=4)
            self.assertEqual(programs.description(name)["dataset"]["examples"], len(labels))
            self.assertIn("The whole data set has 5620 images", programs.description(name)["facts"]["about"]["value"])

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
            programs.prepare(NAME, again)
            self.assertEqual((pathlib.Path(again) / "splits.json").read_bytes(), (PREPARED / "splits.json").read_bytes())

    def test_SplitDoesNotDependOnTheOrderOfTheSource_AndKeepsEqualImagesTogether(self):
        splitting = programs.load(NAME, "splitting")
        generator = random.Random(3)
        images = [numpy.array([[generator.randrange(17) for _ in range(8)] for _ in range(8)], dtype=numpy.uint8) for _ in range(1200)]
        images += [images[i] for i in range(0, 1200, 3)]  # every third twice

        def members(order):
            splits = splitting.split_by_content([images[i] for i in order], 900, 450)
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

    def test_TheCurveOfSmoothedLabels_ShowsTheLossWithoutThem(self):
        smoothed, plain = self.train([trial("t001", "a", 5, **{**FAST, "label_smoothing": 0.2}), trial("t002", "b", 5, **FAST)])
        # With a fifth of the target spread over ten classes no prediction brings the smoothed loss below this.
        least = -(0.82 * math.log(0.82) + 9 * 0.02 * math.log(0.02))
        ends = [found["curves"]["train_loss"][-1][1] for found in (smoothed, plain)]
        self.assertLess(ends[0], least)
        self.assertNotEqual(*ends)

    def test_ExplodingTraining_IsAnOutcome(self):
        wild = {**FAST, "learning_rate": 1e30, "normalisation": "none"}
        diverged, after = self.train([trial("t001", "wild", 5, **wild), trial("t002", "a", 5, **FAST)])
        self.assertIs(diverged["diverged"], True)
        self.assertIs(after["diverged"], False)

    def test_ATrainingLossThatIsInfiniteInTheEnd_IsAnOutcome(self):
        experiment = programs.load(NAME, "experiment")
        settings = {"data": PREPARED / "public", "results": self.folder / "results", "evaluate": "validation", "threads": 1}
        one = experiment.aisci_experiment.Trial(trial("t001", "a", 5, **{**FAST, "steps": 1}), settings)

        def logits_of(_, images):  # finite, but not their losses
            return torch.tensor([3e38, -3e38] + [0.0] * 8).repeat(len(images), 1)

        with mock.patch.object(experiment, "logits_of", logits_of), contextlib.redirect_stdout(None):
            experiment.run(one)
        self.assertEqual(result(self.folder)["divergence"], "the final training loss is inf")

    def test_CorruptData_IsNamedSo(self):
        (self.folder / "data").mkdir()
        (self.folder / "data/train.npz").write_bytes(b"PK\x03\x04 cut")
        ended = run(self.folder, TEMPLATE / "experiment.py", [trial("t001", "a", 5, **FAST)], data=self.folder / "data")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(result(self.folder, name="error.json")["class"], "corrupt_data")

    def test_ProgramsReadNoLabelsOfTheirOwn(self):
        for name in DESCRIPTION["files"]:
            self.assertNotIn("sklearn", programs.file_of(NAME, name).read_text())


class Factors(unittest.TestCase):
    def test_FactsAgreeWithThePrograms(self):
        experiment, facts = programs.load(NAME, "experiment"), {name: fact["value"] for name, fact in DESCRIPTION["facts"].items()}
        models, augmentation = experiment.models, experiment.augmentation
        self.assertEqual((facts["steps"], facts["image_side"], facts["patch_side"], facts["heads"]),
                         (experiment.STEPS, models.IMAGE_SIDE, models.PATCH_SIDE, models.HEADS))
        self.assertEqual((facts["shift_pixels"], facts["rotation_degrees"], facts["cutout_side"]),
                         (augmentation.SHIFT_PIXELS, augmentation.ROTATION_DEGREES, augmentation.CUTOUT_SIDE))
        clip_norm = inspect.signature(experiment.training.fit).parameters["clip_norm"].default
        momentum = experiment.training.make_optimiser("momentum", torch.nn.Linear(2, 2).parameters(), 1.0).defaults["momentum"]
        self.assertEqual((facts["clip_norm"], facts["momentum"]), (clip_norm, momentum))
        self.assertEqual({name: facts[f"rate_{name}"] for name in experiment.RATE_OF if name != "adamw"},
                         {name: rate for name, rate in experiment.RATE_OF.items() if name != "adamw"})
        self.assertEqual(facts["tokens"], (models.IMAGE_SIDE // models.PATCH_SIDE) ** 2)
        for factor, known in (("activation", models.ACTIVATIONS), ("model", models.ARCHITECTURES),
                              ("augmentation", augmentation.KINDS), ("optimiser", experiment.RATE_OF),
                              ("schedule", experiment.training.SCHEDULES)):
            self.assertEqual(set(FACTORS[factor]["levels"]), set(known), factor)


    def test_NothingOfAnOptimiserIsChangedUnsaid(self):
        classes = {"sgd": "SGD", "momentum": "SGD", "nesterov": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}
        said = {"sgd": set(), "momentum": {"momentum"}, "nesterov": {"momentum", "nesterov"}}
        training, weights = programs.load(NAME, "training"), torch.nn.Linear(2, 2)
        for name, kind in classes.items():
            usual = getattr(torch.optim, kind)(weights.parameters(), lr=1.0).defaults
            changed = {key for key, value in training.make_optimiser(name, weights.parameters(), 1.0).defaults.items()
                       if value != usual[key]}
            self.assertEqual(changed, said.get(name, set()), name)
        for template in (NAME, "optimization", "diagnostic"):
            self.assertEqual(programs.description(template)["facts"]["momentum"]["value"], 0.9)

    def test_WhatChangesTheTrainingLossIsAComponent(self):
        for name in ("augmentation", "dropout"):
            self.assertEqual(FACTORS[name]["role"], "component", "curves of its arms are not of one loss")


class Augmentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = programs.load(NAME, "augmentation")

    def changed(self, kind, images, seed=3):
        return self.module.augmented(kind, images, torch.arange(len(images)), torch.Generator().manual_seed(seed))

    def images(self):
        return torch.rand(16, 8, 8, generator=torch.Generator().manual_seed(1)) * 2 - 1

    def test_EachKind_KeepsShapeAndRepeats_AndOnlyNoneLeavesImagesAlone(self):
        images = self.images()
        for kind in self.module.KINDS:
            first, again = self.changed(kind, images), self.changed(kind, images)
            self.assertEqual(first[0].shape, images.shape)
            self.assertTrue(all(torch.equal(a, b) for a, b in zip(first, again)), kind)
            self.assertEqual(torch.equal(first[0], images), kind == "none", kind)
        with self.assertRaisesRegex(ValueError, "sharpen"):
            self.changed("sharpen", images)

    def test_MovingByWholePixels_MovesThePixels_AndBackgroundComesIn(self):
        images, nothing = self.images(), torch.zeros(16)
        moved = self.module.moved(images, nothing, nothing + 1, nothing)
        self.assertTrue(torch.allclose(moved[:, :, 1:], images[:, :, :-1], atol=1e-5))
        self.assertTrue(torch.allclose(moved[:, :, 0], torch.full((16, 8), -1.0), atol=1e-5))

    def test_AQuarterTurn_TurnsTheImage(self):
        images, nothing = self.images(), torch.zeros(16)
        turned = self.module.moved(images, nothing + 90, nothing, nothing)
        self.assertTrue(any(torch.allclose(turned, images.rot90(k, (1, 2)), atol=1e-5) for k in (1, 3)))

    def test_Cutout_ErasesASquareOfEachImage(self):
        erased = self.changed("cutout", torch.zeros(200, 8, 8))[0] == -1
        self.assertEqual(set(erased.sum(dim=(1, 2)).tolist()), {9})
        self.assertTrue(erased.any(dim=0).all(), "each pixel is erased in some image")

    def test_Mixup_MixesImagesAsItMixesLabels(self):
        images = self.images()
        mixed, first, second, share = self.changed("mixup", images)
        expected = images[first] * (1 - share)[:, None, None] + images[second] * share[:, None, None]
        self.assertTrue(torch.allclose(mixed, expected, atol=1e-6))
        self.assertGreater(float(share.std()), 0.1)


class CommonRandomNumbers(unittest.TestCase):
    """What a seed fixes must be the same in every arm."""

    @classmethod
    def setUpClass(cls):
        cls.experiment = programs.load(NAME, "experiment")

    def a_trial(self, arm="a", seed=5, **config):
        import aisci_experiment  # loaded with the experiment
        settings = {"data": PREPARED / "public", "results": pathlib.Path("/nowhere"), "evaluate": "validation", "threads": 1}
        return aisci_experiment.Trial(trial("t001", arm, seed, **{**DEFAULTS, **config}), settings)

    def test_TrainingSubset_FollowsTheSeedAndNotTheArm_AndIsNested(self):
        images = torch.arange(900.0)
        def subset(**options):
            return self.experiment.digits.training_subset(self.a_trial(**options), images, images)[0].tolist()
        self.assertEqual(subset(arm="relu", activation="relu"), subset(arm="gelu", model="cnn", dropout=0.4, width=64))
        self.assertNotEqual(subset(seed=5), subset(seed=6))
        self.assertEqual(subset(train_size=800)[:50], subset(train_size=50))

    def test_BatchOrder_FollowsTheSeedAndNotTheArm(self):
        def order(**options):
            return torch.cat(self.experiment.training.batch_indices(self.a_trial(**options), 200, 24, 160)).tolist()
        self.assertEqual(order(activation="relu"), order(activation="tanh", label_smoothing=0.1))
        self.assertNotEqual(order(seed=5), order(seed=6))

    def test_InitialWeights_FollowTheSeedAndNotTheActivation(self):
        def weights(activation, seed):
            torch.manual_seed(self.a_trial(seed=seed).seed_for("initialisation"))
            model = self.experiment.models.build({**DEFAULTS, "activation": activation})
            return torch.cat([parameter.flatten() for parameter in model.parameters()])
        self.assertTrue(torch.equal(weights("relu", 5), weights("sigmoid", 5)))
        self.assertFalse(torch.equal(weights("relu", 5), weights("relu", 6)))

    def test_Decay_IsTheSameBesideEveryOptimiser(self):
        training = self.experiment.training
        for name in self.experiment.RATE_OF:
            weight = torch.nn.Parameter(torch.ones(2, 2))
            groups, decay = [{"params": [weight], "weight_decay": 0.5}], None
            if name != "adamw":
                decay = training.DecoupledDecay(groups, 0.1)
            optimiser = training.make_optimiser(name, groups, 0.1)
            weight.grad = torch.zeros(2, 2)
            if decay:
                decay.step(1.0)
            optimiser.step()
            self.assertTrue(torch.allclose(weight.detach(), torch.full((2, 2), 0.95)), name)

    def test_EveryLevelOfEveryFactor_BuildsAModelOfTheRightShape(self):
        images = torch.zeros(3, 8, 8)
        for model in FACTORS["model"]["levels"]:
            for name in ("activation", "normalisation", "dropout", "width", "depth"):
                for level in FACTORS[name]["levels"]:
                    built = self.experiment.models.build({**DEFAULTS, "model": model, name: level})
                    self.assertEqual(tuple(built(images).shape), (3, 10), f"{model} {name}={level}")

    def test_EveryNormalisation_TakesABatchOfOneImage(self):
        for model in FACTORS["model"]["levels"]:
            for normalisation in FACTORS["normalisation"]["levels"]:
                built = self.experiment.models.build({**DEFAULTS, "model": model, "normalisation": normalisation}).train()
                self.assertEqual(tuple(built(torch.zeros(1, 8, 8)).shape), (1, 10), f"{model} {normalisation}")

    def test_Normalisation_IsInEveryArchitecture(self):
        def count(model, normalisation, *kinds):
            built = self.experiment.models.build({**DEFAULTS, "model": model, "normalisation": normalisation})
            return sum(isinstance(part, kinds) for part in built.modules())
        norms = torch.nn
        for model in FACTORS["model"]["levels"]:
            self.assertEqual(count(model, "none", norms.LayerNorm, norms.GroupNorm, norms.BatchNorm1d, norms.BatchNorm2d), 0)
            self.assertGreaterEqual(count(model, "layer", norms.LayerNorm, norms.GroupNorm), 2)
            self.assertGreaterEqual(count(model, "batch", norms.BatchNorm1d, norms.BatchNorm2d), 2)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    unittest.main()
