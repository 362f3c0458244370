"""The digits as a trial reads them: images of 8 x 8 grey pixels in -1 .. 1, and the part of them to train on."""

import aisci_experiment

import numpy
import torch

import training

IMAGE_SIDE, CLASSES = 8, 10


def load(path):
    """The images of a split, and their labels where there are any."""
    with numpy.load(path, allow_pickle=False) as file:
        arrays = {name: torch.from_numpy(file[name]) for name in file.files}
    images = arrays["images"]
    if images.dim() != 3 or images.shape[1:] != (IMAGE_SIDE, IMAGE_SIDE):
        raise aisci_experiment.DataError(f"{path}: images of shape {tuple(images.shape)}, expected [n, 8, 8]")
    return images.float() / 8 - 1, arrays.get("labels")


def training_subset(trial, images, labels):
    """The first `train_size` images in the order that the seed gives them: a smaller set is part of a larger one."""
    size = trial.config["train_size"]
    if size > len(images):
        raise ValueError(f"train_size {size} is more than the {len(images)} training images there are")
    chosen = torch.randperm(len(images), generator=training.seeded(trial, "training subset"))[:size]
    return images[chosen], labels[chosen]
