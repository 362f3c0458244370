"""What is measured of a network while and after it trains.

gradient imbalance   |log10 of (root mean square gradient of the first hidden layer's weights over the last's)|, the
                     mean over the steps: how many powers of ten lie between the ends of the network. Zero means
                     that all layers learn at one pace; gradients that vanish or explode on the way make it large.
gradient conflict    the share of steps at which the gradients of the two loss terms, on the weights that both act on,
                     have a negative cosine: a step for one then undoes part of a step for the other
dead units           the share of hidden units whose activation has a mean slope below a hundredth over the evaluation
                     images: a ReLU that is on for fewer than one image in a hundred, a tanh or sigmoid that is
                     saturated for nearly all. Such a unit passes on next to no gradient.
activation drift     |log10 of (standard deviation of the last hidden layer's outputs over the first's)| after training

Squares are taken in double precision: gradients that explode or vanish are what is looked for, and single precision
holds the squares of neither.
"""

import math

import torch

SLOPE = 0.01
LEAST = 1e-12  # of a root mean square, so that a gradient of zero has a logarithm


def root_mean_square(tensor):
    return max(LEAST, tensor.detach().double().square().mean().sqrt().item())


def imbalance(network):
    first, last = (root_mean_square(network.linear[i].weight.grad) for i in (0, -1))
    return abs(math.log10(first / last))


def flat(gradients):
    return torch.cat([gradient.flatten() for gradient in gradients])


def cosine(first, second):
    """Of two flat gradients; 0 where one of them is nothing."""
    first, second = first.double(), second.double()
    lengths = first.norm() * second.norm()
    return (first @ second / lengths).item() if lengths > 0 else 0.0


def without_conflict(first, second):
    """The sum of two gradients, each first freed of what goes against the other (Yu and others, 2020)."""
    one, other = first.double(), second.double()
    product = one @ other
    if product >= 0:
        return first + second
    freed = (one - product / other.square().sum() * other) + (other - product / one.square().sum() * one)
    return freed.to(first.dtype)


def dead_units(network, images):
    network.eval()
    with torch.no_grad():
        taken, _ = network.hidden(images)
    dead = 0
    for before in taken:
        before = before.requires_grad_()
        slope, = torch.autograd.grad(network.activation(before).sum(), before)
        dead += int((slope.abs().mean(dim=0) < SLOPE).sum())
    return dead / sum(before.shape[1] for before in taken)


@torch.no_grad()
def activation_drift(network, images):
    network.eval()
    _, given = network.hidden(images)
    first, last = (max(LEAST, given[i].double().std(dim=0).mean().item()) for i in (0, -1))
    return abs(math.log10(last / first))
