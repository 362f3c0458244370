"""Trains one deep network with two loss terms for each trial and measures its gradients and units; see measures.py.

What a seed fixes, and an arm never changes: which images are trained on, the stream that initialises the weights,
the order of the batches, and the labels that the random second term learns. `steps` in a configuration stands for a
smaller run than usual.
"""

import aisci_experiment  # before numpy and torch: it pins their threads

import torch
from torch.nn import functional

import digits
import measures
import models
import training

STEPS = 120
BATCH = 32
CLIP_NORM = 5.0
OPTIMISER = "momentum"


class Watch:
    """Looks at the gradients of each step, and changes them where the arm says so."""

    def __init__(self, network, terms, surgery):
        self.network, self.terms, self.surgery = network, terms, surgery
        self.batch = None  # the last one that a loss was taken of
        self.cosines, self.imbalances = [], []

    def __call__(self, _step):
        shared = self.network.shared()
        first, second = (measures.flat(torch.autograd.grad(term, shared, retain_graph=True))
                         for term in self.terms(*self.batch))
        self.cosines.append(measures.cosine(first, second))
        if self.surgery == "projection":
            combined = measures.without_conflict(first, second)
            for parameter, part in zip(shared, combined.split([parameter.numel() for parameter in shared])):
                parameter.grad.copy_(part.view_as(parameter))
        self.imbalances.append(measures.imbalance(self.network))


def fit(trial, network, images, labels):
    """Trains in place; the watch and what training left behind, or None when the loss left the finite numbers."""
    config = trial.config
    steps = config.get("steps", STEPS)
    drawn = torch.randint(models.CLASSES, (len(images),), generator=training.seeded(trial, "random labels"))

    def terms(batch_images, batch_labels, batch_drawn):
        named, second = network(batch_images)
        return (functional.cross_entropy(named, batch_labels),
                config["second_weight"] * models.second_loss(config["second_term"], second, batch_images, batch_labels,
                                                             batch_drawn))

    watch = Watch(network, terms, config["surgery"])

    def loss_of(*batch):
        watch.batch = batch
        return sum(terms(*batch))

    indices = training.batch_indices(trial, len(images), config.get("batch_size", BATCH), steps)
    groups = training.parameter_groups(network, weight_decay=0.0)
    fitted = training.fit(
        trial, network, training.make_optimiser(OPTIMISER, groups, config["learning_rate"]), steps=steps,
        clip_norm=CLIP_NORM, batches=training.batches_of((images, labels, drawn), indices), loss_of=loss_of,
        watch=watch, share=lambda step: training.learning_rate_share(step, steps))
    return None if fitted is None else (watch, fitted)


def mean(values):
    return sum(values) / len(values)


def run(trial):
    all_images, all_labels = digits.load(trial.data / "train.npz")
    images, labels = digits.training_subset(trial, all_images, all_labels)
    asked = digits.load(trial.data / f"{trial.evaluate}.npz")[0].to(training.DEVICE)

    torch.manual_seed(trial.seed_for("initialisation"))
    network = models.Network(trial.config).to(training.DEVICE)
    found = fit(trial, network, images, labels)
    if found is None:
        return
    watch, fitted = found
    network.eval()
    with torch.no_grad():
        logits = network(asked)[0].float().cpu()
    if not torch.isfinite(logits).all():
        trial.diverged("the trained network's outputs are not finite")
        return
    trial.finish(
        metrics={"gradient_imbalance": mean(watch.imbalances), "gradient_cosine": mean(watch.cosines),
                 "gradient_conflict": mean([float(cosine < 0) for cosine in watch.cosines]),
                 "dead_units": measures.dead_units(network, asked),
                 "activation_drift": measures.activation_drift(network, asked),
                 "gradient_norm": fitted.gradient_norm, "train_loss": fitted.logged[-1][1]["train_loss"],
                 "parameters": sum(parameter.numel() for parameter in network.parameters())},
        predictions=logits.argmax(dim=1))


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
