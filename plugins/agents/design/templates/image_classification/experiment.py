"""Trains one classifier of digits for each trial and predicts the evaluation images.

What a seed fixes, and an arm never changes: which images are trained on (the first `train_size` of one
shuffled order, so smaller sets are part of larger ones), the stream that initialises the weights, the order of
the batches, and the stream that drops units. Arms of a block are therefore compared on common random numbers.
Every trial takes the same number of optimiser steps, whatever the size of its training set; `steps` in a configuration
stands for a smaller run than usual.
"""

import math
import os

import aisci_experiment  # before numpy and torch: it pins their threads

import numpy
import torch
from torch.nn import functional

import models

STEPS = 160
WARM_UP_STEPS = 16
CLIP_NORM = 1.0
LOG_EVERY = 10
LOADER_WORKERS = 8

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ON_GPU = DEVICE.type == "cuda"


def load(path):
    """The arrays of a split; images in -1 .. 1."""
    with numpy.load(path, allow_pickle=False) as file:
        arrays = {name: torch.from_numpy(file[name]) for name in file.files}
    images = arrays["images"]
    if images.dim() != 3 or images.shape[1:] != (models.IMAGE_SIDE, models.IMAGE_SIDE):
        raise aisci_experiment.DataError(f"{path}: images of shape {tuple(images.shape)}, expected [n, 8, 8]")
    return images.float() / 8 - 1, arrays.get("labels")


def seeded(trial, purpose):
    return torch.Generator().manual_seed(trial.seed_for(purpose))


def training_subset(trial, images, labels):
    size = trial.config["train_size"]
    if size > len(images):
        raise ValueError(f"train_size {size} is more than the {len(images)} training images there are")
    chosen = torch.randperm(len(images), generator=seeded(trial, "training subset"))[:size]
    return images[chosen], labels[chosen]


def steps_of(trial):
    return trial.config.get("steps", STEPS)


def batch_indices(trial, examples):
    """The indices of each step's batch: passes over shuffled examples, a short last batch joined to the next pass."""
    generator = seeded(trial, "batch order")
    batch = min(trial.config["batch_size"], examples)
    steps = steps_of(trial)
    passes = math.ceil(steps * batch / examples)
    order = torch.cat([torch.randperm(examples, generator=generator) for _ in range(passes)])
    return [order[step * batch:(step + 1) * batch] for step in range(steps)]


def batches(images, labels, indices):
    """Batches on the device. On a GPU worker processes prepare them in pinned memory, ahead of the training."""
    if not ON_GPU:
        for chosen in indices:
            yield images[chosen], labels[chosen]
        return
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(images, labels), batch_sampler=[chosen.tolist() for chosen in indices],
        num_workers=min(LOADER_WORKERS, os.cpu_count() or 1), pin_memory=True, prefetch_factor=2)
    for batch_images, batch_labels in loader:
        yield batch_images.to(DEVICE, non_blocking=True), batch_labels.to(DEVICE, non_blocking=True)


def learning_rate_share(step, steps):
    """Linear warm-up, then a cosine to zero; a share of the configured rate."""
    warm_up = min(WARM_UP_STEPS, max(1, steps // 2))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def parameter_groups(model, weight_decay):
    """Weight decay acts on matrices and kernels, not on biases, norms and positions."""
    named = list(model.named_parameters())
    decayed = [value for name, value in named if value.dim() >= 2 and name != "position"]
    others = [value for name, value in named if value.dim() < 2 or name == "position"]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def gradient_scaler():
    """Loss scaling for half precision; does nothing on a CPU. PyTorch 2.3 moved the class."""
    if hasattr(torch, "amp") and hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=ON_GPU)
    return torch.cuda.amp.GradScaler(enabled=ON_GPU)


def train(trial, model, images, labels):
    """Trains in place. Returns the mean gradient norm, or None when the loss left the finite numbers."""
    config = trial.config
    optimiser = torch.optim.AdamW(parameter_groups(model, config["weight_decay"]), lr=config["learning_rate"])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: learning_rate_share(step, steps_of(trial)))
    scaler = gradient_scaler()
    norms, recent = [], []
    torch.manual_seed(trial.seed_for("dropout"))
    model.train()
    indices = batch_indices(trial, len(images))
    for step, (batch_images, batch_labels) in enumerate(batches(images, labels, indices), start=1):
        with torch.autocast(DEVICE.type, dtype=torch.float16 if ON_GPU else torch.bfloat16, enabled=ON_GPU):
            loss = functional.cross_entropy(model(batch_images), batch_labels,
                                            label_smoothing=config["label_smoothing"])
        if not math.isfinite(loss.item()):
            trial.diverged(f"training loss is {loss.item()} at step {step} of {steps_of(trial)}")
            return None
        optimiser.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimiser)
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM).item())
        scaler.step(optimiser)
        scaler.update()
        schedule.step()
        recent.append(loss.item())
        if step % LOG_EVERY == 0:
            trial.log(step, train_loss=sum(recent) / len(recent))
            recent = []
    finite = [norm for norm in norms if math.isfinite(norm)]  # loss scaling may skip a step or two
    return sum(finite) / max(1, len(finite))


@torch.no_grad()
def logits_of(model, images):
    model.eval()
    return torch.cat([model(part.to(DEVICE)).float().cpu() for part in images.split(512)])


def run(trial):
    all_images, all_labels = load(trial.data / "train.npz")
    images, labels = training_subset(trial, all_images, all_labels)
    evaluation_images, _ = load(trial.data / f"{trial.evaluate}.npz")

    torch.manual_seed(trial.seed_for("initialisation"))
    model = models.build(trial.config).to(DEVICE)
    gradient_norm = train(trial, model, images, labels)
    if gradient_norm is None:
        return
    train_logits, logits = logits_of(model, images), logits_of(model, evaluation_images)
    if not torch.isfinite(logits).all():
        trial.diverged("the trained model's outputs are not finite")
        return
    trial.finish(
        metrics={"train_loss": functional.cross_entropy(train_logits, labels),
                 "train_accuracy": (train_logits.argmax(dim=1) == labels).double().mean(),
                 "confidence": logits.softmax(dim=1).amax(dim=1).mean(), "gradient_norm": gradient_norm,
                 "parameters": sum(parameter.numel() for parameter in model.parameters())},
        predictions=logits.argmax(dim=1))


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
