"""The problems that optimisers are run on: a data set, a model on it, and the loss that is brought down.

    linear   logistic regression on classes, linear regression on numbers: a convex problem
    mlp      one hidden layer of 64 units with ReLU
    deep     four hidden layers of 32 units with tanh, which curve and flatten the landscape

Inputs are standardised by the training rows, or left as they are (`raw`: features whose scales differ a
thousandfold make the problem badly conditioned). Targets that are numbers are standardised always.
"""

import math

import aisci_experiment

import numpy
import torch
from torch import nn
from torch.nn import functional

WIDTH = {"mlp": 64, "deep": 32}
MODELS = ("linear", "mlp", "deep")


def network(model, features, outputs):
    if model == "linear":
        return nn.Linear(features, outputs)
    if model == "mlp":
        return nn.Sequential(nn.Linear(features, WIDTH[model]), nn.ReLU(), nn.Linear(WIDTH[model], outputs))
    if model == "deep":
        layers = []
        for i in range(4):
            layers += [nn.Linear(WIDTH[model] if i else features, WIDTH[model]), nn.Tanh()]
        return nn.Sequential(*layers, nn.Linear(WIDTH[model], outputs))
    raise ValueError(f"there is no model {model!r}")


class Problem:
    """Training rows, evaluation rows, and how outputs become losses and predictions."""

    def __init__(self, folder, evaluate, scaling):
        with numpy.load(folder / "train.npz", allow_pickle=False) as file:
            inputs, labels = file["inputs"], file["labels"]
        with numpy.load(folder / f"{evaluate}.npz", allow_pickle=False) as file:
            asked = file["inputs"]
        if inputs.ndim != 2 or asked.shape[1:] != inputs.shape[1:] or len(labels) != len(inputs):
            raise aisci_experiment.DataError(f"{folder}: rows of shape {inputs.shape} and {asked.shape}")
        if scaling == "standardised":
            spread = inputs.std(axis=0)
            middle, spread = inputs.mean(axis=0), numpy.where(spread > 0, spread, 1.0)
            inputs, asked = (inputs - middle) / spread, (asked - middle) / spread
        self.classes = int(labels.max()) + 1 if numpy.issubdtype(labels.dtype, numpy.integer) else 0
        self.guess = math.log(self.classes) if self.classes else 1.0  # the loss of knowing nothing
        self.middle, self.spread = (0.0, 1.0) if self.classes else (float(labels.mean()), float(labels.std()))
        self.inputs, self.asked = torch.from_numpy(inputs).float(), torch.from_numpy(asked).float()
        self.labels = (torch.from_numpy(labels) if self.classes
                       else torch.from_numpy((labels - self.middle) / self.spread).float())

    def model(self, name):
        return network(name, self.inputs.shape[1], self.classes or 1)

    def loss(self, outputs, labels):
        if self.classes:
            return functional.cross_entropy(outputs, labels)
        return functional.mse_loss(outputs.squeeze(1), labels)

    def predictions(self, outputs):
        """A row of probabilities for each row asked for, or the number."""
        if not self.classes:
            return (outputs.squeeze(1).double() * self.spread + self.middle).tolist()
        found = outputs.double().softmax(dim=1).clamp_min(1e-6)
        return (found / found.sum(dim=1, keepdim=True)).numpy().round(6).tolist()
