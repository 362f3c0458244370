"""A deep network of equal hidden layers with two heads, whose units and gradients can be looked at.

Each hidden layer is linear, then normalised (or not), then the activation; with `residual` its input is added to its
output, from the second layer on. One head names the digit. The other serves the second loss term: it draws the image
again (`reconstruction`), says whether the digit is odd (`parity`), or learns labels that were drawn at random for
each image and mean nothing (`random`).
"""

import torch
from torch import nn
from torch.nn import functional

import training

PIXELS, CLASSES = 64, 10

ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
NORMALISATIONS = {"none": nn.Identity, "layer": nn.LayerNorm, "batch": training.BatchNorm}
SECOND_OUTPUTS = {"reconstruction": PIXELS, "parity": 2, "random": CLASSES}
SMALL = 0.02


def initialise(weight, kind):
    if kind == "he":
        nn.init.kaiming_normal_(weight, nonlinearity="relu")
    elif kind == "xavier":
        nn.init.xavier_normal_(weight)
    elif kind == "orthogonal":
        nn.init.orthogonal_(weight)
    elif kind == "small":
        nn.init.normal_(weight, std=SMALL)
    else:
        raise ValueError(f"there is no initialisation {kind!r}")


class Network(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["width"]
        self.residual = config["residual"] == "residual"
        self.linear = nn.ModuleList([nn.Linear(width if i else PIXELS, width) for i in range(config["depth"])])
        self.norm = nn.ModuleList([NORMALISATIONS[config["normalisation"]](width) for _ in self.linear])
        self.activation = ACTIVATIONS[config["activation"]]()
        for layer in self.linear:
            initialise(layer.weight, config["initialisation"])
            nn.init.zeros_(layer.bias)
        self.digit = nn.Linear(width, CLASSES)
        self.second = nn.Linear(width, SECOND_OUTPUTS[config["second_term"]])

    def hidden(self, images):
        """What each hidden layer's activation takes in, and what the layer gives."""
        features, taken, given = images.flatten(1), [], []
        for i, (linear, norm) in enumerate(zip(self.linear, self.norm)):
            before = norm(linear(features))
            after = self.activation(before)
            features = features + after if self.residual and i else after
            taken.append(before)
            given.append(features)
        return taken, given

    def forward(self, images):
        features = self.hidden(images)[1][-1]
        return self.digit(features), self.second(features)

    def shared(self):
        """The weights that both loss terms act on."""
        return [parameter for layer in (*self.linear, *self.norm) for parameter in layer.parameters()]


def second_loss(kind, outputs, images, labels, drawn):
    """The second loss term; in reconstruction a mean over pixels, scaled so that guessing the mean costs about one."""
    if kind == "reconstruction":
        return functional.mse_loss(outputs, images.flatten(1)) / 0.3
    return functional.cross_entropy(outputs, labels % 2 if kind == "parity" else drawn)
