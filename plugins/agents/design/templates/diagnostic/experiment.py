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

    def gradients(self, shared, parts):
        """Of the two terms of the whole batch, on the weights that both act on."""
        sums = [0.0, 0.0]
        for share, part in parts:
            for i, term in enumerate(self.terms(*part)):
                sums[i] = sums[i] + share * measures.flat(torch.autograd.grad(term, shared, retain_graph=True))
        return sums

    def __call__(self, _step, parts):
        """The cosine of the terms' gradients, and the imbalance of the layers'."""
        shared = self.network.shared()
        first, second = self.gradients(shared, parts)
        if self.surgery == "projection":
            combined = measures.without_conflict(first, second)
            for parameter, part in zip(shared, combined.split([parameter.numel() for parameter in shared])):
                parameter.grad.copy_(part.view_as(parameter))
        return measures.cosine(first, second), measures.imbalance(self.network)


def fit(trial, network, images, labels):
    """Trains in place; None when the loss left the finite numbers."""
    config = trial.config
    steps = config.get("steps", STEPS)
    drawn = torch.randint(models.CLASSES, (len(images),), generator=training.seeded(trial, "random labels"))

    def terms(batch_images, batch_labels, batch_drawn):
        named, second = network(batch_images)
        return (functional.cross_entropy(named, batch_labels),
                config["second_weight"] * models.second_loss(config["second_term"], second, batch_images, batch_labels,
                                                             batch_drawn))

    def loss_of(*batch):
        """The sum of the terms; its curve is that of naming the digit, which every arm has in common."""
        named, second = terms(*batch)
        return named + second, named

    indices = training.batch_indices(trial, len(images), config.get("batch_size", BATCH), steps)
    groups = training.parameter_groups(network, weight_decay=0.0)
    return training.fit(
        trial, network, training.make_optimiser(OPTIMISER, groups, config["learning_rate"]), steps=steps,
        clip_norm=CLIP_NORM, batches=training.batches_of((images, labels, drawn), indices),
        loss_of=loss_of, watch=Watch(network, terms, config["surgery"]),
        share=lambda step: training.learning_rate_share(step, steps))


def mean(values):
    return sum(values) / len(values)


def run(trial):
    all_images, all_labels = digits.load(trial.data / "train.npz")
    images, labels = digits.training_subset(trial, all_images, all_labels)
    asked = digits.load(trial.data / f"{trial.evaluate}.npz")[0].to(training.DEVICE)

    torch.manual_seed(trial.seed_for("initialisation"))
    network = models.Network(trial.config).to(training.DEVICE)
    fitted = fit(trial, network, images, labels)
    if fitted is None:
        return
    if not fitted.watched:
        trial.diverged("no step had finite gradients")
        return
    cosines, imbalances = zip(*fitted.watched)
    network.eval()
    with torch.no_grad():
        logits = network(asked)[0].float().cpu()
    if not torch.isfinite(logits).all():
        trial.diverged("the trained network's outputs are not finite")
        return
    trial.finish(
        metrics={"gradient_imbalance": mean(imbalances), "gradient_cosine": mean(cosines),
                 "gradient_conflict": mean([float(cosine < 0) for cosine in cosines]),
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
