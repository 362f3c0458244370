"""The three architectures that are compared: a vision transformer, a small CNN and an MLP, for 8 x 8 grey images.

All take images of shape [n, 8, 8] and give 10 logits. `width`, `depth`, `activation`, `dropout` and
`normalisation` mean the same in each as far as the architectures allow:

             width                      depth                    normalisation
    vit      features of a token        transformer blocks       before attention, before the MLP, before the head
    cnn      channels                   convolutions             after each convolution
    mlp      a quarter of a layer       hidden layers            after each linear layer

`layer` normalises the features of one example (of one token in the transformer, of all channels and positions in
the CNN, which is a group norm with one group); `batch` normalises each feature over the batch (and over tokens
or positions); `none` leaves the place empty.
"""

import torch
from torch import nn

import training

IMAGE_SIDE, PATCH_SIDE, CLASSES, HEADS = 8, 2, 10, 4

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh,
               "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "sigmoid": nn.Sigmoid}


class TokenBatchNorm(nn.Module):
    """Batch normalisation of tokens [n, tokens, features]: statistics over examples and tokens."""

    def __init__(self, features):
        super().__init__()
        self.norm = nn.BatchNorm1d(features)

    def forward(self, tokens):
        return self.norm(tokens.flatten(0, 1)).view_as(tokens)


def token_norm(kind, features):
    return {"none": nn.Identity, "layer": nn.LayerNorm, "batch": TokenBatchNorm}[kind](features)


class Attention(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.project_in = nn.Linear(width, 3 * width)
        self.project_out = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens):
        examples, count, width = tokens.shape
        split = self.project_in(tokens).view(examples, count, 3, HEADS, width // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (query @ key.transpose(-2, -1) * (width // HEADS) ** -0.5).softmax(dim=-1)
        mixed = (weights @ value).transpose(1, 2).reshape(examples, count, width)
        return self.dropout(self.project_out(mixed))


class TransformerBlock(nn.Module):
    def __init__(self, width, activation, dropout, normalisation):
        super().__init__()
        self.attention_norm = token_norm(normalisation, width)
        self.attention = Attention(width, dropout)
        self.mlp_norm = token_norm(normalisation, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), ACTIVATIONS[activation](), nn.Linear(2 * width, width),
                                 nn.Dropout(dropout))

    def forward(self, tokens):
        tokens = tokens + self.attention(self.attention_norm(tokens))
        return tokens + self.mlp(self.mlp_norm(tokens))


class VisionTransformer(nn.Module):
    """16 tokens, one for each patch of 2 x 2 pixels; the class is read from their mean."""

    def __init__(self, width, depth, activation, dropout, normalisation):
        super().__init__()
        self.embed = nn.Linear(PATCH_SIDE**2, width)
        # Unit variance, as embeddings usually start: while positions are alike, the mean over tokens hides where
        # a patch was, and a trial has too few steps to learn it.
        self.position = nn.Parameter(torch.randn((IMAGE_SIDE // PATCH_SIDE) ** 2, width))
        self.blocks = nn.Sequential(
            *[TransformerBlock(width, activation, dropout, normalisation) for _ in range(depth)])
        self.norm = token_norm(normalisation, width)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, images):
        side = IMAGE_SIDE // PATCH_SIDE
        patches = images.view(-1, side, PATCH_SIDE, side, PATCH_SIDE).transpose(2, 3).flatten(3).flatten(1, 2)
        tokens = self.norm(self.blocks(self.embed(patches) + self.position))
        return self.head(tokens.mean(dim=1))


def convolutional_network(width, depth, activation, dropout, normalisation):
    """3 x 3 convolutions, the image halved after the first two; the class is read from the flattened features."""
    layers, channels, side = [nn.Unflatten(1, (1, IMAGE_SIDE))], 1, IMAGE_SIDE
    for i in range(depth):
        layers.append(nn.Conv2d(channels, width, kernel_size=3, padding=1))
        if normalisation != "none":
            layers.append(nn.BatchNorm2d(width) if normalisation == "batch" else nn.GroupNorm(1, width))
        layers.append(ACTIVATIONS[activation]())
        if i < 2:
            layers.append(nn.MaxPool2d(2))
            side //= 2
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(channels * side * side, CLASSES))


def multilayer_perceptron(width, depth, activation, dropout, normalisation):
    """`depth` hidden layers of 4 x `width` units on the 64 pixels."""
    layers, features = [nn.Flatten()], IMAGE_SIDE**2
    for _ in range(depth):
        layers.append(nn.Linear(features, 4 * width))
        features = 4 * width
        if normalisation != "none":
            layers.append(training.BatchNorm(features) if normalisation == "batch" else nn.LayerNorm(features))
        layers += [ACTIVATIONS[activation](), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(features, CLASSES))


ARCHITECTURES = {"vit": VisionTransformer, "cnn": convolutional_network, "mlp": multilayer_perceptron}


def build(config):
    """The model that a trial's configuration describes, initialised from torch's current seed."""
    return ARCHITECTURES[config["model"]](width=config["width"], depth=config["depth"], activation=config["activation"],
                                          dropout=config["dropout"], normalisation=config["normalisation"])
