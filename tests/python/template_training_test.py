"""What the templates' training loops share: batches, schedules, optimisers, checkpoints, and what memory running out does."""

import math
import pathlib
import tempfile
import unittest

import torch

import programs
from programs import result, trial

STEPS = 30


class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        digits = programs.load("image_classification", "digits")
        cls.training, cls.module = digits.training, digits.aisci_experiment

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def a_trial(self, identity="t001", seed=5, **config):
        settings = {"data": self.folder, "results": self.folder / "results", "evaluate": "validation", "threads": 1}
        return self.module.Trial(trial(identity, "a", seed, **config), settings)

    def fit(self, run, loss_of=None, optimiser="adamw", batch=8, steps=STEPS, **options):
        """Trains a small network of dropout and batch order on a fixed table."""
        generator = torch.Generator().manual_seed(1)
        inputs, targets = torch.randn(40, 6, generator=generator), torch.randn(40, 2, generator=generator)
        torch.manual_seed(run.seed_for("initialisation"))
        model = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Dropout(0.3), torch.nn.Linear(16, 2))
        plain = lambda x, y: torch.nn.functional.mse_loss(model(x), y)  # noqa: E731
        groups = self.training.parameter_groups(model, 0.1)
        indices = self.training.batch_indices(run, 40, batch, steps)
        torch.manual_seed(run.seed_for("dropout"))
        fitted = self.training.fit(
            run, model, self.training.make_optimiser(optimiser, groups, 0.01), steps=steps,
            batches=self.training.batches_of((inputs, targets), indices),
            loss_of=(lambda x, y: loss_of(plain, x, y)) if loss_of else plain,
            share=lambda step: self.training.learning_rate_share(step, steps, 3, "cosine"), **options)
        return fitted, torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


class Curves(Shared):
    def test_ALossThatArmsShare_IsShownInPlaceOfTheOneThatIsBroughtDown(self):
        whole, weights = self.fit(self.a_trial("t001"))
        pair, same = self.fit(self.a_trial("t002"), lambda plain, x, y: (plain(x, y), torch.tensor(7.0)))
        self.assertTrue(torch.equal(weights, same))
        self.assertEqual([point["train_loss"] for _, point in pair.logged], [7.0, 7.0, 7.0])
        self.assertNotEqual(whole.logged, pair.logged)


    def test_EveryTraining_HasAPointAtItsLastStep_AndEachIsTheMeanOfTheLastTen(self):
        for steps, points in ((1, [1]), (9, [9]), (10, [10]), (25, [10, 20, 25]), (30, [10, 20, 30])):
            losses = []

            def loss_of(plain, x, y, losses=losses):
                losses.append(plain(x, y))
                return losses[-1]

            run = self.a_trial(f"t{steps}")
            fitted, _ = self.fit(run, loss_of, steps=steps)
            self.assertEqual([step for step, _ in fitted.logged], points)
            self.assertEqual([step for step, _ in run._curves["train_loss"]], points)
            for step, point in fitted.logged:
                recent = [loss.item() for loss in losses[max(0, step - 10):step]]
                self.assertEqual(point["train_loss"], sum(recent) / len(recent), f"step {step} of {steps}")


class Normalisation(Shared):
    def test_ABatch_IsNormalisedAsPyTorchDoes_AndOneExampleByWhatWasSeenBefore(self):
        ours, plain = self.training.BatchNorm(3), torch.nn.BatchNorm1d(3)
        batch = torch.randn(8, 3, generator=torch.Generator().manual_seed(3)) * 2 + 5
        for _ in range(3):
            self.assertTrue(torch.equal(ours(batch), plain(batch)))
        before = {name: value.clone() for name, value in ours.state_dict().items()}
        found = ours(batch[:1])
        self.assertTrue(torch.equal(found, plain.eval()(batch[:1])))
        self.assertTrue(found.requires_grad)
        self.assertTrue(all(torch.equal(value, before[name]) for name, value in ours.state_dict().items()))
        self.assertTrue(torch.equal(ours.eval()(batch), plain(batch)))


class Checkpoints(Shared):
    def setUp(self):
        super().setUp()
        before = self.training.CHECKPOINT_SECONDS
        self.addCleanup(setattr, self.training, "CHECKPOINT_SECONDS", before)
        self.training.CHECKPOINT_SECONDS = 0.0

    def interrupted(self, run, at):
        count = [0]

        def loss_of(plain, x, y):
            count[0] += 1
            if count[0] > at:
                raise KeyboardInterrupt
            return plain(x, y)

        with self.assertRaises(KeyboardInterrupt):
            self.fit(run, loss_of)

    def test_ATrainingThatWasCutShort_GoesOnToTheSameWeightsAndCurve(self):
        whole, weights = self.fit(self.a_trial("t001"))
        self.interrupted(self.a_trial("t002"), at=17)
        self.assertTrue((self.folder / "results/t002/checkpoint.pt").exists())
        steps = []
        again = self.a_trial("t002")
        rest, resumed = self.fit(again, lambda plain, x, y: steps.append(1) or plain(x, y))
        self.assertEqual(len(steps), STEPS - 17)
        self.assertTrue(torch.equal(weights, resumed))
        self.assertEqual(whole.logged, rest.logged)
        again.finish({"gradient_norm": rest.gradient_norm})
        self.assertEqual([step for step, _ in result(self.folder, "t002")["curves"]["train_loss"]], [10, 20, 30])
        self.assertFalse((self.folder / "results/t002/checkpoint.pt").exists())

    def test_ACheckpointOfAnotherTrial_OrABrokenOne_IsNotUsed(self):
        _, weights = self.fit(self.a_trial("t001"))
        for spoil in (lambda path: path.write_bytes(path.read_bytes()[:100]), lambda path: None):
            self.interrupted(self.a_trial("t003", width=1), at=9)
            spoil(self.folder / "results/t003/checkpoint.pt")
            _, fresh = self.fit(self.a_trial("t003", width=2))
            self.assertTrue(torch.equal(weights, fresh))

    def test_AShortTraining_WritesNone(self):
        self.training.CHECKPOINT_SECONDS = 30.0
        self.interrupted(self.a_trial("t004"), at=20)
        self.assertFalse((self.folder / "results/t004").exists())


class Memory(Shared):
    def test_WhenMemoryRunsOut_HalvesWhatIsComputedAtOnce_AndKeepsTheBatch(self):
        sizes = []

        def loss_of(plain, x, y):
            sizes.append(len(x))
            if len(x) > 2:
                raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
            return plain(x, y)

        fitted, _ = self.fit(self.a_trial(), loss_of)
        self.assertEqual((fitted.parts, sizes[:3], set(sizes[3:])), (4, [8, 4, 2], {2}))
        self.assertEqual(len(fitted.norms), STEPS)

    def test_PartsOfABatch_GiveTheWholeBatchsGradient(self):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
        optimiser = torch.optim.SGD([weight], lr=1.0)
        inputs = torch.randn(7, 2, generator=torch.Generator().manual_seed(2))
        found = []
        for parts in (1, 2, 4):
            state = self.training.Fit()
            state.parts = parts
            loss = self.training.gradients_of(state, optimiser, self.training.gradient_scaler(), (inputs,),
                                              lambda x: (x @ weight).square().mean())
            found.append((loss, weight.grad.clone()))
        for loss, gradient in found[1:]:
            self.assertAlmostEqual(loss, found[0][0], places=5)
            self.assertTrue(torch.allclose(gradient, found[0][1], atol=1e-5))

    def test_WhatACPUSaysWhenItHasNoMemory_IsUnderstood(self):
        with self.assertRaises(RuntimeError) as caught:
            torch.empty(1 << 60, dtype=torch.uint8)
        self.assertTrue(self.training.out_of_memory(caught.exception), caught.exception)
        self.assertTrue(self.training.out_of_memory(MemoryError()))
        self.assertFalse(self.training.out_of_memory(RuntimeError("shapes do not fit")))
        self.assertFalse(self.training.out_of_memory(ValueError("out of memory")))

    def test_TheHostUnderstandsTheSameWords(self):
        self.assertIs(self.training.OUT_OF_MEMORY, self.module.OUT_OF_MEMORY)
        for words in self.training.OUT_OF_MEMORY:
            error = RuntimeError(f"Error: {words.upper()} (8 bytes)")
            self.assertTrue(self.training.out_of_memory(error), words)
            self.assertEqual(self.module._class_of(error, self.folder), "out_of_memory", words)

    def test_OneExampleThatIsTooLarge_AndOtherErrors_AreNotHidden(self):
        for message in ("CUDA out of memory", "shapes do not fit"):
            def loss_of(_plain, _x, _y, text=message):
                raise RuntimeError(text)
            with self.assertRaisesRegex(RuntimeError, message):
                self.fit(self.a_trial(), loss_of)


class Steps(Shared):
    def test_Batches_PassOverEveryExampleEquallyOften(self):
        batches = self.training.batch_indices(self.a_trial(), 50, 12, 160)
        self.assertEqual(({len(batch) for batch in batches}, len(batches)), ({12}, 160))
        counts = torch.cat(batches).bincount(minlength=50)
        self.assertLessEqual(int(counts.max() - counts.min()), 1)

    def test_Schedules_WarmUpToThePeak_ThenDoWhatTheirNamesSay(self):
        for schedule in self.training.SCHEDULES:
            shares = [self.training.learning_rate_share(step, 100, 10, schedule) for step in range(100)]
            self.assertEqual(shares[:10], [(i + 1) / 10 for i in range(10)])
            self.assertEqual(shares[10], 1.0)
            self.assertEqual(shares[10:], sorted(shares[10:], reverse=True), schedule)
        last = {name: self.training.learning_rate_share(99, 100, 0, name) for name in self.training.SCHEDULES}
        self.assertEqual((last["constant"], last["step"]), (1.0, 0.01))
        self.assertTrue(last["cosine"] < 0.001 and abs(last["linear"] - 0.01) < 1e-9)
        with self.assertRaisesRegex(ValueError, "zigzag"):
            self.training.learning_rate_share(1, 10, 0, "zigzag")

    def test_AnInfiniteLoss_EndsTheTrialAsDiverged(self):
        run = self.a_trial()
        fitted, _ = self.fit(run, lambda plain, x, y: plain(x, y) * (math.inf if len(run._curves.get("train_loss", ())) else 1))
        self.assertIsNone(fitted)
        self.assertIn("step 11 of 30", result(self.folder)["divergence"])

    def test_OptimisersDiffer_AndAnUnknownOneIsRefused(self):
        weights = {name: self.fit(self.a_trial(f"t-{name}"), optimiser=name)[1].sum().item()
                   for name in ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")}
        self.assertEqual(len({round(value, 6) for value in weights.values()}), 6, weights)
        with self.assertRaisesRegex(ValueError, "magic"):
            self.training.make_optimiser("magic", [], 1.0)


if __name__ == "__main__":
    unittest.main()
