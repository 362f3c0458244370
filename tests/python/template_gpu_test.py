"""Training as on a GPU, on a machine that need not have one.

A CPU stands in for the device. Every call into PyTorch's interface for GPUs is held against the signature that the
installed version has, and then does the same on the CPU: autocast in bfloat16, worker processes, and loss scaling,
PyTorch's own since 2.3 and the same arithmetic before. Before 2.3 a CPU's autocast knows no layer normalisation, so that
the templates' networks are held against half precision by later versions alone (tests/e2e/newest_torch.sh).
"""

import contextlib
import inspect
import os
import pathlib
import tempfile
import unittest
import warnings
from unittest import mock

import torch

import programs
from programs import result, trial
from template_training_test import STEPS, Shared

LOADER, AUTOCAST = torch.utils.data.DataLoader, torch.autocast
MOVED = hasattr(torch.amp, "GradScaler") if hasattr(torch, "amp") else False  # PyTorch 2.3 moved the class
SCALER = torch.amp.GradScaler if MOVED else torch.cuda.amp.GradScaler


class Scaling:
    """What torch.cuda.amp.GradScaler does, for a CPU: versions before 2.3 scale on GPUs alone."""

    def __init__(self, init_scale=65536.0, enabled=True):
        self.factor, self.enabled, self.overflow = init_scale if enabled else 1.0, enabled, False

    def is_enabled(self):
        return self.enabled

    def scale(self, outputs):
        return outputs * self.factor

    def unscale_(self, optimizer):
        if not self.enabled:
            return
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad.div_(self.factor)
                self.overflow |= not bool(torch.isfinite(parameter.grad).all())

    def step(self, optimizer):
        if not self.overflow:
            optimizer.step()

    def update(self):
        self.factor, self.overflow = self.factor / 2 if self.overflow else self.factor, False

    def state_dict(self):
        return {"scale": self.factor} if self.enabled else {}

    def load_state_dict(self, state_dict):
        self.factor = state_dict["scale"] if self.enabled else 1.0


class Device:
    """The stand-in; `calls` has the arguments of each call by the name of what was called."""

    def __init__(self):
        self.calls, self.halves = {}, True

    def note(self, name, real, args, options):
        bound = inspect.signature(real).bind(*args, **options)
        self.calls.setdefault(name, []).append(dict(bound.arguments))
        return bound.arguments

    def autocast(self, *args, **options):
        given = self.note("autocast", AUTOCAST, args, options)
        return AUTOCAST("cpu", dtype=torch.bfloat16, enabled=self.halves and given["enabled"])

    def scaler(self, *args, **options):
        given = self.note("scaler", SCALER, args, options)
        made = SCALER("cpu", enabled=given["enabled"]) if MOVED else Scaling(enabled=given["enabled"])
        for name in ("scale", "unscale_", "step", "update", "state_dict", "load_state_dict", "is_enabled"):
            self.watched(made, name)
        return made

    def watched(self, scaler, name):
        plain, real = getattr(scaler, name), getattr(SCALER, name)

        def call(*args, **options):
            self.note(name, real, (scaler, *args), options)
            return plain(*args, **options)
        setattr(scaler, name, call)

    def loader(self, *args, **options):
        self.note("loader", LOADER, args, options)
        return LOADER(*args, **{**options, "pin_memory": False})  # there is nothing to pin memory for

    def function(self, name, gives=None):
        real = getattr(torch.cuda, name)

        def call(*args, **options):
            self.note(name, real, args, options)
            return gives
        return mock.patch.object(torch.cuda, name, call)

    @contextlib.contextmanager
    def in_place(self):
        with contextlib.ExitStack() as stack:
            for patch in (mock.patch.object(torch, "autocast", self.autocast),
                          mock.patch.object(torch.amp if MOVED else torch.cuda.amp, "GradScaler", self.scaler),
                          mock.patch.object(torch.utils.data, "DataLoader", self.loader),
                          self.function("empty_cache"), self.function("set_rng_state"),
                          self.function("get_rng_state", torch.arange(16, dtype=torch.uint8))):
                stack.enter_context(patch)
            yield


@contextlib.contextmanager
def a_gpu():
    with mock.patch.object(torch.cuda, "is_available", return_value=True):
        yield


def load(template, name):
    """A module of a template as it is where there is a GPU, with the CPU as its device."""
    with a_gpu():
        module = programs.load(template, name)
    module.training.DEVICE = torch.device("cpu")
    return module


class Infinite(torch.autograd.Function):
    """Gives its input on; the gradient that comes back is infinite."""

    @staticmethod
    def forward(_, value):
        return value.clone()

    @staticmethod
    def backward(_, gradient):
        return gradient * float("inf")


class Gpu(Shared):
    @classmethod
    def setUpClass(cls):
        digits = load("image_classification", "digits")
        cls.training, cls.module = digits.training, digits.aisci_experiment

    def setUp(self):
        super().setUp()
        self.device = Device()
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(self.device.in_place())
        stack.enter_context(mock.patch.object(self.training, "CHECKPOINT_SECONDS", 30.0))

    def on_a_cpu(self):
        return mock.patch.object(self.training, "ON_GPU", False)


class Calls(Gpu):
    def test_WhereThereIsAGPU_ItIsTaken_WithHalfPrecisionAndLossScaling(self):
        with a_gpu():
            training = programs.load("image_classification", "training")
        self.assertEqual((training.DEVICE.type, training.ON_GPU), ("cuda", True))
        training.mixed_precision()
        training.gradient_scaler()
        self.assertEqual(self.device.calls["autocast"], [{"device_type": "cuda", "dtype": torch.float16, "enabled": True}])
        self.assertEqual(self.device.calls["scaler"], [{**({"device": "cuda"} if MOVED else {}), "enabled": True}])

    def test_PyTorchsOwnClasses_TakeTheseCalls_WithoutAWarning(self):
        with a_gpu(), warnings.catch_warnings():
            warnings.simplefilter("error")
            scaler = SCALER(**{**({"device": "cuda"} if MOVED else {}), "enabled": True})
            self.assertTrue(scaler.is_enabled())
            self.assertEqual(set(scaler.state_dict()),
                             {"scale", "growth_factor", "backoff_factor", "growth_interval", "_growth_tracker"})
            self.assertTrue(issubclass(torch.cuda.OutOfMemoryError, RuntimeError))

    def test_WorkersPrepareBatches_Pinned_TwoAhead_AsManyAsCoresAllow(self):
        tensors = (torch.arange(24.0).view(12, 2), torch.arange(12))
        indices = self.training.batch_indices(self.a_trial(), 12, 5, 6)
        with self.on_a_cpu():
            wanted = list(self.training.batches_of(tensors, indices)(2))
        before = torch.get_rng_state()
        with mock.patch.object(os, "sched_getaffinity", return_value={0, 1}):
            found = list(self.training.batches_of(tensors, indices)(2))
        self.assertTrue(torch.equal(before, torch.get_rng_state()), "the loader drew from the trial's stream")
        self.assertEqual(len(found), 4)
        for one, other in zip(wanted, found, strict=True):
            self.assertTrue(all(torch.equal(a, b) for a, b in zip(one, other, strict=True)))
        with mock.patch.object(os, "sched_getaffinity", return_value=set(range(40))):
            self.assertEqual(len(list(self.training.batches_of(tensors, indices)(5))), 1)
        for call, workers in zip(self.device.calls["loader"], (2, 8), strict=True):
            self.assertEqual([call[name] for name in ("num_workers", "pin_memory", "prefetch_factor")], [workers, True, 2])


class Precision(Gpu):
    def test_MixedPrecision_LearnsWhatSinglePrecisionLearns(self):
        with self.on_a_cpu():
            _, single = self.fit(self.a_trial("t001"))
        self.device.calls.clear()
        kinds = set()

        def loss_of(plain, x, y):
            kinds.add((x @ x.t()).dtype)
            return plain(x, y)

        fitted, weights = self.fit(self.a_trial("t002"), loss_of)
        self.assertEqual(kinds, {torch.bfloat16})
        self.assertEqual([len(self.device.calls[name]) for name in ("scale", "unscale_", "step", "update")], [STEPS] * 4)
        self.assertFalse(torch.equal(single, weights))
        self.assertTrue(torch.allclose(single, weights, atol=0.1), (single - weights).abs().max())
        self.assertEqual(len(fitted.norms), STEPS)

    def overflowing(self, run, at, **options):
        """Trains with gradients that are infinite at one step."""
        count = [0]

        def loss_of(plain, x, y):
            count[0] += 1
            return Infinite.apply(plain(x, y)) if count[0] == at else plain(x, y)

        return self.fit(run, loss_of, **options)

    def test_AStepWhoseScaledGradientsOverflow_IsSkippedWhole(self):
        shown, decay = [], mock.Mock()
        fitted, _ = self.overflowing(self.a_trial(), 4, decay=decay, watch=lambda step, parts: shown.append(step) or step)
        self.assertEqual(shown, [step for step in range(1, STEPS + 1) if step != 4])
        self.assertEqual(fitted.watched, shown)
        self.assertEqual((len(fitted.norms), decay.step.call_count), (STEPS, STEPS - 1))
        self.assertTrue(0 < fitted.gradient_norm < 1e4)

    def test_ALossThatHalfPrecisionCannotHold_IsTakenInSingle_AndIsNoDivergence(self):
        kinds = []

        def loss_of(plain, x, y):
            kinds.append((x @ x.t()).dtype)
            return plain(x, y) * (float("inf") if kinds[-1] == torch.bfloat16 and len(kinds) < 4 else 1)

        fitted, _ = self.fit(self.a_trial(), loss_of)
        self.assertEqual((fitted.step, kinds[:5]), (STEPS, [torch.bfloat16, torch.float32] * 2 + [torch.bfloat16]))
        fitted, _ = self.fit(self.a_trial("t002"), lambda plain, x, y: plain(x, y) * float("nan"))
        self.assertIsNone(fitted)
        self.assertIs(result(self.folder, "t002")["diverged"], True)


class Memory(Gpu):
    def test_ErrorsOfAGPU_HalveWhatIsComputedAtOnce_AndFreeWhatIsHeld(self):
        for error in (torch.cuda.OutOfMemoryError("Tried to allocate 2.00 GiB"),
                      RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")):
            sizes = []

            def loss_of(plain, x, y, sizes=sizes, error=error):
                sizes.append(len(x))
                if len(x) > 2:
                    raise error
                return plain(x, y)

            self.device.calls.clear()
            fitted, _ = self.fit(self.a_trial(), loss_of)
            self.assertEqual((fitted.parts, sizes[:3], set(sizes[3:])), (4, [8, 4, 2], {2}))
            self.assertEqual(self.device.calls["empty_cache"], [{}, {}])

    def test_AWatchThatRunsOutOfMemory_SeesSmallerParts(self):
        seen = []

        def watch(_step, parts):
            seen.append([len(part[0]) for _, part in parts])
            if len(parts) < 2:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory")
            return sum(share for share, _ in parts)

        fitted, _ = self.fit(self.a_trial(), watch=watch)
        self.assertEqual(seen, [[8]] + [[4, 4]] * STEPS)
        self.assertEqual(fitted.watched, [1.0] * STEPS)


class Checkpoints(Gpu):
    def setUp(self):
        super().setUp()
        self.training.CHECKPOINT_SECONDS = 0.0

    def interrupted(self, run, at, overflow=None):
        """Cut short at a step, perhaps after one whose gradients are infinite."""
        count = [0]

        def loss_of(plain, x, y):
            count[0] += 1
            if count[0] > at:
                raise KeyboardInterrupt
            return Infinite.apply(plain(x, y)) if count[0] == overflow else plain(x, y)

        with self.assertRaises(KeyboardInterrupt):
            self.fit(run, loss_of)

    def test_ATrainingThatWasCutShort_GoesOn_WithTheScaleThatItHad(self):
        count = [0]

        def whole(plain, x, y):
            count[0] += 1
            return Infinite.apply(plain(x, y)) if count[0] == 2 else plain(x, y)  # which halves the scale

        undisturbed, weights = self.fit(self.a_trial("t001"), whole)
        self.interrupted(self.a_trial("t002"), 17, overflow=2)
        self.device.calls.clear()
        rest, resumed = self.fit(self.a_trial("t002"))
        self.assertEqual(len(self.device.calls["scale"]), STEPS - 17)
        loaded, = self.device.calls["load_state_dict"]
        self.assertEqual(loaded["state_dict"]["scale"], 32768.0)
        set_to, = self.device.calls["set_rng_state"]
        self.assertEqual(set_to["new_state"].tolist(), list(range(16)))
        self.assertTrue(torch.equal(weights, resumed))
        self.assertEqual(str((undisturbed.logged, undisturbed.norms)), str((rest.logged, rest.norms)))  # one is no number

    def test_ACheckpointOfAnotherDevice_IsNotUsed(self):
        _, weights = self.fit(self.a_trial("t001"))
        with self.on_a_cpu():
            self.interrupted(self.a_trial("t002"), 9)
        self.assertTrue((self.folder / "results/t002/checkpoint.pt").exists())
        self.device.calls.clear()
        fitted, fresh = self.fit(self.a_trial("t002"))
        self.assertEqual(len(self.device.calls["scale"]), STEPS)
        self.assertTrue(torch.equal(weights, fresh))


class Templates(unittest.TestCase):
    """The real programs, a part of the usual steps, with both kinds of arithmetic."""

    ARMS = {"image_classification": ({"steps": 40}, {"steps": 40, "model": "cnn", "normalisation": "batch"},
                                     {"steps": 40, "model": "mlp", "augmentation": "mixup", "optimiser": "momentum"}),
            "diagnostic": ({"steps": 30, "depth": 4}, {"steps": 30, "depth": 4, "surgery": "projection"}),
            "optimization": ({"steps": 30}, {"steps": 30, "model": "linear"}),
            "nlp_language_modeling": ({"steps": 20}, {"steps": 20, "model": "gru", "tying": "tied"},
                                      {"steps": 20, "model": "transformer"})}

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.addCleanup(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)  # as the programs do

    def trained(self, template, experiment, prefix):
        defaults = {name: factor["default"] for name, factor in programs.description(template)["factors"].items()}
        settings = {"data": self.folder / template / "public", "results": self.folder / "results",
                    "evaluate": "validation", "threads": 1}
        for i, arm in enumerate(self.ARMS[template]):
            run = experiment.aisci_experiment.Trial(trial(f"{prefix}{i}", "a", 5, **{**defaults, **arm}), settings)
            experiment.run(run)
            yield arm, result(self.folder, run.id)

    def test_EveryTemplate_TrainsAsOnAGPU(self):
        for template in self.ARMS:
            programs.prepare(template, self.folder / template)
            with contextlib.redirect_stdout(None):
                plain = list(self.trained(template, programs.load(template, "experiment"), template + "-cpu"))
            device = Device()
            device.halves = MOVED
            experiment = load(template, "experiment")
            with device.in_place(), contextlib.redirect_stdout(None):
                found = list(self.trained(template, experiment, template + "-gpu"))
            self.assertEqual(len(device.calls["loader"]), len(found))
            for (arm, half), (_, single) in zip(found, plain, strict=True):
                with self.subTest(template=template, **arm):
                    self.assertIs(half["diverged"], False)
                    self.assertEqual(set(half["metrics"]), set(single["metrics"]))
                    losses = [document["metrics"]["train_loss"] for document in (half, single)]
                    self.assertEqual(losses[0] != losses[1], device.halves)
                    self.assertLess(abs(losses[0] - losses[1]), 0.1 * losses[1] + 0.05)


if __name__ == "__main__":
    unittest.main()
