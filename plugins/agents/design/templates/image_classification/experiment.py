"""Trains one classifier of digits for each trial and predicts the evaluation images.

What a seed fixes, and an arm never changes: which images are trained on (the first `train_size` of one
shuffled order, so smaller sets are part of larger ones), the stream that initialises the weights, the order of
the batches, and the streams that drop units and change images. Arms of a block are therefore compared on common
random numbers. Every trial takes the same number of optimiser steps, whatever the size of its training set; `steps` in
a configuration stands for a smaller run than usual.
"""

import aisci_experiment  # before numpy and torch: it pins their threads

import torch
from torch.nn import functional

import augmentation
import digits
import models
import training

STEPS = 160
# An optimiser's peak rate over AdamW's: the best on the validation images of a grid of factors of two for each, in a
# pilot of one seed with the default transformer; none of the best is at an end of its grid.
RATE_OF = {"adamw": 1.0, "rmsprop": 0.125, "momentum": 32.0, "sgd": 128.0}


def fit(trial, model, images, labels):
    """Trains in place; None when the loss left the finite numbers."""
    config = trial.config
    steps, smoothing = config.get("steps", STEPS), config["label_smoothing"]

    def cross_entropy(logits, batch_labels, second_labels, share, smoothed):
        if config["augmentation"] != "mixup":
            return functional.cross_entropy(logits, batch_labels, label_smoothing=smoothed)
        first, second = (functional.cross_entropy(logits, target, label_smoothing=smoothed, reduction="none")
                         for target in (batch_labels, second_labels))
        return ((1 - share) * first + share * second).mean()

    def loss_of(batch_images, *targets):
        logits = model(batch_images)
        loss = cross_entropy(logits, *targets, smoothed=smoothing)
        if smoothing == 0:
            return loss
        # Smoothed labels keep the loss up by definition: arms are compared by the loss without them.
        return loss, cross_entropy(logits.detach(), *targets, smoothed=0.0)

    groups = training.parameter_groups(model, config["weight_decay"])
    decay = None  # AdamW's own; the same decay of the weights beside the other optimisers, whatever their rates
    if config["optimiser"] != "adamw":
        decay = training.DecoupledDecay(groups, config["learning_rate"])
    optimiser = training.make_optimiser(config["optimiser"], groups,
                                        config["learning_rate"] * RATE_OF[config["optimiser"]])
    changes = training.seeded(trial, "augmentation")
    indices = training.batch_indices(trial, len(images), config["batch_size"], steps)
    batches = augmentation.batches(config["augmentation"], training.batches_of((images, labels), indices), changes)
    torch.manual_seed(trial.seed_for("dropout"))
    return training.fit(
        trial, model, optimiser, batches=batches, loss_of=loss_of, steps=steps, draws=[changes], decay=decay,
        share=lambda step: training.learning_rate_share(step, steps, config["warm_up"], config["schedule"]))


@torch.no_grad()
def logits_of(model, images):
    model.eval()
    return torch.cat([model(part.to(training.DEVICE)).float().cpu() for part in images.split(512)])


def run(trial):
    all_images, all_labels = digits.load(trial.data / "train.npz")
    images, labels = digits.training_subset(trial, all_images, all_labels)
    evaluation_images, _ = digits.load(trial.data / f"{trial.evaluate}.npz")

    torch.manual_seed(trial.seed_for("initialisation"))
    model = models.build(trial.config).to(training.DEVICE)
    fitted = fit(trial, model, images, labels)
    if fitted is None:
        return
    train_logits, logits = logits_of(model, images), logits_of(model, evaluation_images)
    if not torch.isfinite(logits).all():
        trial.diverged("the trained model's outputs are not finite")
        return
    train_loss = functional.cross_entropy(train_logits, labels)
    if not torch.isfinite(train_loss):
        trial.diverged(f"the final training loss is {float(train_loss)}")
        return
    trial.finish(
        metrics={"train_loss": train_loss,
                 "train_accuracy": (train_logits.argmax(dim=1) == labels).double().mean(),
                 "confidence": logits.softmax(dim=1).amax(dim=1).mean(), "gradient_norm": fitted.gradient_norm,
                 "parameters": sum(parameter.numel() for parameter in model.parameters())},
        predictions=logits.argmax(dim=1))


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
