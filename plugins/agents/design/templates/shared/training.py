"""What the templates' training loops share: batches, optimisers, schedules, mixed precision, checkpoints, memory.

    fit = training.fit(trial, model, optimiser, share, batches, loss_of, steps=160)
    if fit is None:
        return                       # training left the finite numbers: the trial has ended as diverged
    trial.finish(metrics={"gradient_norm": fit.gradient_norm}, predictions=...)

A program is handed this file beside its own. Everything random is drawn from seeds of the trial's block, so a
program that is started again, or goes on from a checkpoint, gives the same numbers.

On a GPU training uses mixed precision (float16 with loss scaling; a loss that float16 cannot hold is computed again in
single precision), and worker processes prepare the batches in pinned memory; on a CPU weights and sums are in single
precision. When memory runs out, the part of a batch that is computed at once is halved and the gradients of the parts
are summed: the batch, and so the recipe, stays what the arm says. Batch normalisation alone sees the difference. Runs on
PyTorch 1.13 and later.
"""

import contextlib
import json
import math
import os
import time

import aisci_experiment

import torch
from torch.nn import functional

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ON_GPU = DEVICE.type == "cuda"
LOADER_WORKERS = 8  # that prepare batches on a GPU; fewer where there are fewer cores
CHECKPOINT_SECONDS = 30.0  # between checkpoints; a trial that is over sooner writes none

SCHEDULES = ("constant", "linear", "cosine", "step")


def seeded(trial, purpose):
    """A stream of random numbers for one purpose, the same in every arm of a block."""
    return torch.Generator().manual_seed(trial.seed_for(purpose))


def batch_indices(trial, examples, batch, steps):
    """The indices of each step's batch: passes over shuffled examples, a short last batch joined to the next pass."""
    generator = seeded(trial, "batch order")
    batch = min(batch, examples)
    passes = math.ceil(steps * batch / examples)
    order = torch.cat([torch.randperm(examples, generator=generator) for _ in range(passes)])
    return [order[step * batch:(step + 1) * batch] for step in range(steps)]


def batches_of(tensors, indices):
    """A function of a first step that yields the batches from there on, on the device.

    On a GPU worker processes prepare them in pinned memory, ahead of the training. The loader draws its workers' seeds
    from a generator of its own: the trial's stream stays where a CPU, or a training that goes on, has it.
    """
    def from_step(first):
        if not ON_GPU:
            for chosen in indices[first:]:
                yield tuple(tensor[chosen] for tensor in tensors)
            return
        loader = torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(*tensors), batch_sampler=[chosen.tolist() for chosen in indices[first:]],
            num_workers=min(LOADER_WORKERS, len(os.sched_getaffinity(0))), pin_memory=True, prefetch_factor=2,
            generator=torch.Generator())
        for batch in loader:
            yield tuple(tensor.to(DEVICE, non_blocking=True) for tensor in batch)
    return from_step


def learning_rate_share(step, steps, warm_up=0, schedule="cosine"):
    """The share of the peak rate that a step takes: linear warm-up, then the schedule's decay over what is left.

    `step` falls to a tenth at half of what is left and to a hundredth at three quarters. A run that is smaller than its
    warm-up allows for warms up for its first half.
    """
    warm_up = min(warm_up, steps // 2)
    if step < warm_up:
        return (step + 1) / warm_up
    progress = (step - warm_up) / (steps - warm_up)
    if schedule == "constant":
        return 1.0
    if schedule == "linear":
        return 1.0 - progress
    if schedule == "step":
        return 1.0 if progress < 0.5 else 0.1 if progress < 0.75 else 0.01
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * progress))
    raise ValueError(f"there is no schedule {schedule!r}")


def parameter_groups(model, weight_decay, exempt=("position",)):
    """Weight decay acts on matrices and kernels, not on biases, norms and the parameters named in `exempt`."""
    named = list(model.named_parameters())
    decayed = [value for name, value in named if value.dim() >= 2 and name not in exempt]
    others = [value for name, value in named if value.dim() < 2 or name in exempt]
    groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
    return [group for group in groups if group["params"]]


class DecoupledDecay:
    """Weight decay as AdamW does it, beside an optimiser that would add it to the gradients: p -= rate * decay * p."""

    def __init__(self, groups, rate):
        self.shrinking = [(group.pop("weight_decay") * rate, group["params"]) for group in groups]

    @torch.no_grad()
    def step(self, share):
        for amount, parameters in self.shrinking:
            for parameter in parameters:
                parameter.mul_(1 - share * amount)


def make_optimiser(name, groups, learning_rate):
    """Momentum is 0.9 where there is one; the adaptive ones keep PyTorch's other settings."""
    makers = {
        "sgd": lambda: torch.optim.SGD(groups, lr=learning_rate),
        "momentum": lambda: torch.optim.SGD(groups, lr=learning_rate, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(groups, lr=learning_rate, momentum=0.9, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(groups, lr=learning_rate),
        "adam": lambda: torch.optim.Adam(groups, lr=learning_rate),
        "adamw": lambda: torch.optim.AdamW(groups, lr=learning_rate)}
    if name not in makers:
        raise ValueError(f"there is no optimiser {name!r}")
    return makers[name]()


class BatchNorm(torch.nn.BatchNorm1d):
    """Batch normalisation that takes a single example as well, which PyTorch refuses while training: a batch may have been
    halved to one, or its parts. One example has no spread, so it is normalised by what earlier batches showed."""

    def forward(self, inputs):
        if self.training and len(inputs) == 1:
            return functional.batch_norm(inputs, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(inputs)


def gradient_scaler():
    """Loss scaling for half precision; does nothing on a CPU. PyTorch 2.3 moved the class."""
    if hasattr(torch, "amp") and hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=ON_GPU)
    return torch.cuda.amp.GradScaler(enabled=ON_GPU)


def mixed_precision():
    return torch.autocast(DEVICE.type, dtype=torch.float16 if ON_GPU else torch.bfloat16, enabled=ON_GPU)


OUT_OF_MEMORY = aisci_experiment.OUT_OF_MEMORY


def out_of_memory(error):
    """Whether an exception says that the device's memory ran out."""
    return isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError)) or (
        isinstance(error, RuntimeError) and any(words in str(error).lower() for words in OUT_OF_MEMORY))


class Fit:
    """What a training left behind, beside the trained model."""

    def __init__(self):
        self.norms = []  # of the gradient before clipping, one a step
        self.logged = []  # [step, {curve: value}]
        self.watched = []  # what `watch` gave, in the order of the steps
        self.recent = []  # the last losses, which the next point of the curve is the mean of
        self.parts = 1  # that a batch is cut into; more than one after memory ran out
        self.step = 0

    @property
    def gradient_norm(self):
        finite = [norm for norm in self.norms if math.isfinite(norm)]  # loss scaling skips a step or two
        return sum(finite) / max(1, len(finite))


class Checkpoint:
    """The state of a training in the trial's folder, replaced whole by rename; removed when the training is done.

    Tensors are stored as tensors, all else as JSON, so that loading one runs no code, on every version of PyTorch.
    """

    def __init__(self, trial, model, optimiser, scaler, draws):
        self.trial, self.path = trial, trial.folder / "checkpoint.pt"
        self.model, self.optimiser, self.scaler = model, optimiser, scaler
        self.draws = draws  # generators that the batches draw from while training goes on
        self.identity = {"arm": trial.arm, "seed": trial.seed, "evaluate": trial.evaluate, "config": trial.config,
                         "gpu": ON_GPU}
        self.written = time.monotonic()

    def save(self, fit):
        if time.monotonic() - self.written < CHECKPOINT_SECONDS:
            return
        state = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict()["state"],
                 "random": [torch.get_rng_state(), *(generator.get_state() for generator in self.draws)],
                 "numbers": json.dumps({"identity": self.identity, "fit": vars(fit), "scaler": self.scaler.state_dict()})}
        if ON_GPU:
            state["random_gpu"] = torch.cuda.get_rng_state()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".part")
        torch.save(state, beside)
        os.replace(beside, self.path)
        self.written = time.monotonic()

    def load(self):
        """The training as far as it went; a new one when there is no checkpoint, or one of something else."""
        fit = Fit()
        if not self.path.exists():
            return fit
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            numbers = json.loads(state["numbers"])
        except Exception:  # cut short, or of another version: training from the start is always right
            return fit
        if numbers["identity"] != self.identity:
            return fit
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": state["optimiser"]})
        self.scaler.load_state_dict(numbers["scaler"])
        vars(fit).update(numbers["fit"])
        torch.set_rng_state(state["random"][0])
        for generator, value in zip(self.draws, state["random"][1:]):
            generator.set_state(value)
        if ON_GPU and "random_gpu" in state:
            torch.cuda.set_rng_state(state["random_gpu"])
        for step, curves in fit.logged:
            self.trial.log(step, **curves)
        return fit

    def remove(self):
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()


def in_parts(fit, batch, work):
    """What `work` makes of [(share of the batch, part)]. Memory that runs out doubles the number of parts; work begins anew."""
    size = len(batch[0])
    while True:
        parts = list(zip(*(tensor.chunk(min(fit.parts, size)) for tensor in batch)))
        try:
            return work([(len(part[0]) / size, part) for part in parts])
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error) or fit.parts >= size:
                raise
        fit.parts *= 2
        if ON_GPU:
            torch.cuda.empty_cache()


def objective_and_shown(given):
    """What `loss_of` gives: a loss, or a pair of the one that is brought down and the one that curves show."""
    return given if isinstance(given, tuple) else (given, given)


def gradients_of(fit, optimiser, scaler, batch, loss_of):
    """Leaves the scaled gradients of one batch's mean loss, and gives the loss that its curve shows."""
    def work(parts):
        optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for share, part in parts:
            with mixed_precision():
                loss, shown = objective_and_shown(loss_of(*part))
            if ON_GPU and not math.isfinite(loss.item()):
                loss, shown = objective_and_shown(loss_of(*part))
            if not math.isfinite(loss.item()):
                return loss.item()
            scaler.scale(loss if share == 1 else loss * share).backward()
            total += shown.item() * share
        return total
    return in_parts(fit, batch, work)


def norm_of_gradients(model, limit=None):
    """The norm of all gradients, which are then cut to the limit."""
    return torch.nn.utils.clip_grad_norm_(model.parameters(), math.inf if limit is None else limit).item()


def fit(trial, model, optimiser, share, batches, loss_of, steps, clip_norm=1.0, log_every=10, draws=(), watch=None,
        decay=None):
    """Trains in place. None when the loss left the finite numbers; the trial has then ended as diverged.

    share      the learning rate of a step as a share of the peak, from 0 on
    batches    a function of a first step that yields tuples of tensors, examples first
    loss_of    the mean loss of a batch; where an arm adds to it, a pair of that and of the loss that all arms share,
               which the curve shows
    clip_norm  the gradient's norm is cut to this; None leaves it
    draws      generators that `batches` draws from while training goes on
    watch      called with a step and the parts of its batch, [(share, part)], after the gradients are there and before
               they are clipped; what it gives, JSON, is kept in `watched`. A step that loss scaling skips is not shown.
    decay      a DecoupledDecay, before each step of the optimiser
    log_every  the curve has a point each so many steps, and one at the last: the mean of as many losses, or of all there are
    """
    peaks = [group["lr"] for group in optimiser.param_groups]
    scaler = gradient_scaler()
    checkpoint = Checkpoint(trial, model, optimiser, scaler, draws)
    state = checkpoint.load()
    model.train()
    for batch in batches(state.step):
        step = state.step + 1
        for group, peak in zip(optimiser.param_groups, peaks):
            group["lr"] = peak * share(state.step)
        loss = gradients_of(state, optimiser, scaler, batch, loss_of)
        if not math.isfinite(loss):
            checkpoint.remove()
            trial.diverged(f"training loss is {loss} at step {step} of {steps}")
            return None
        scaler.unscale_(optimiser)
        if watch is not None and math.isfinite(norm_of_gradients(model)):
            state.watched.append(in_parts(state, batch, lambda parts: watch(step, parts)))
        state.norms.append(norm_of_gradients(model, clip_norm))
        if decay is not None and math.isfinite(state.norms[-1]):
            decay.step(share(step - 1))
        scaler.step(optimiser)
        scaler.update()
        state.recent = (state.recent + [loss])[-log_every:]
        state.step = step
        if step % log_every == 0 or step == steps:
            point = {"train_loss": sum(state.recent) / len(state.recent)}
            trial.log(step, **point)
            state.logged.append([step, point])
        checkpoint.save(state)
    checkpoint.remove()
    return state
