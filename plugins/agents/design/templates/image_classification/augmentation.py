"""Augmentation: each batch of training images is changed at random before the network sees it.

    shift      each image moves by up to one pixel in each direction
    rotation   each image turns by up to 15 degrees
    affine     both
    noise      Gaussian noise of a fifth of the grey range's half
    cutout     a square of 3 x 3 pixels, at a random place, becomes background
    mixup      an image and another of its batch are averaged with a random weight, and so are their losses

All take images in -1 .. 1 of shape [n, 8, 8], where -1 is background, and draw from one generator.
"""

import math

import torch
from torch.nn import functional

SHIFT_PIXELS, ROTATION_DEGREES, NOISE, CUTOUT_SIDE = 1, 15, 0.2, 3
BACKGROUND = -1.0
KINDS = ("none", "shift", "rotation", "affine", "noise", "cutout", "mixup")


def uniform(count, low, high, generator):
    return low + (high - low) * torch.rand(count, generator=generator)


def moved(images, degrees, right, down):
    """Each image turned about its middle and moved by pixels; bilinear, background comes in from outside."""
    angle, side = degrees * math.pi / 180, images.shape[-1]
    cosine, sine = angle.cos(), angle.sin()
    matrices = torch.stack([torch.stack([cosine, -sine, -2 * right / side], dim=1),
                            torch.stack([sine, cosine, -2 * down / side], dim=1)], dim=1).to(images)
    ink = (images - BACKGROUND).unsqueeze(1)
    grid = functional.affine_grid(matrices, list(ink.shape), align_corners=False)
    return functional.grid_sample(ink, grid, align_corners=False).squeeze(1) + BACKGROUND


def geometric(images, generator, degrees, pixels):
    count = len(images)
    return moved(images, uniform(count, -degrees, degrees, generator), uniform(count, -pixels, pixels, generator),
                 uniform(count, -pixels, pixels, generator))


def cutout(images, generator):
    side = images.shape[-1]
    corners = torch.randint(side - CUTOUT_SIDE + 1, (len(images), 2), generator=generator)
    place = torch.arange(side)
    inside = (place >= corners[..., None]) & (place < corners[..., None] + CUTOUT_SIDE)  # [n, 2, side]
    erased = inside[:, 0, :, None] & inside[:, 1, None, :]
    return images.masked_fill(erased.to(images.device), BACKGROUND)


def augmented(kind, images, labels, generator):
    """Images, labels, the labels that are mixed in, and their share for each image (0 where nothing is mixed)."""
    count = len(images)
    second, share = labels, torch.zeros(count, device=images.device)
    if kind == "shift":
        images = geometric(images, generator, 0, SHIFT_PIXELS)
    elif kind == "rotation":
        images = geometric(images, generator, ROTATION_DEGREES, 0)
    elif kind == "affine":
        images = geometric(images, generator, ROTATION_DEGREES, SHIFT_PIXELS)
    elif kind == "noise":
        images = images + NOISE * torch.randn(images.shape, generator=generator).to(images.device)
    elif kind == "cutout":
        images = cutout(images, generator)
    elif kind == "mixup":
        partner = torch.randperm(count, generator=generator).to(images.device)
        share = torch.rand(count, generator=generator).to(images.device)
        images = images + share[:, None, None] * (images[partner] - images)
        second = labels[partner]
    elif kind != "none":
        raise ValueError(f"there is no augmentation {kind!r}")
    return images, labels, second, share


def batches(kind, plain, generator):
    """The batches of `plain` (see training.batches_of), augmented."""
    def from_step(first):
        for images, labels in plain(first):
            yield augmented(kind, images, labels, generator)
    return from_step
