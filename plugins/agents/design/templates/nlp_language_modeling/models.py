"""The language models that are compared: an LSTM, a GRU and a transformer that sees the past alone.

All take symbols [n, t] and give logits [n, t, symbols] for the symbol that follows each. `width` is the number of
features of a symbol and of a layer, `depth` the number of layers. Dropout acts on what enters a layer of a recurrent
network, on what a part of a transformer's block adds, and on what enters the output. With `tying` the output uses the
embedding's matrix, scaled so that logits start with unit variance.

The transformer knows positions by rotating queries and keys (Su and others, 2021): learned positions took far more
steps than a trial has before attention found its neighbours.
"""

import torch
from torch import nn

HEADS = 4
SLOWEST = 100.0  # the positions over which the slowest rotation turns by about one radian

RECURRENT = {"lstm": nn.LSTM, "gru": nn.GRU}
ARCHITECTURES = (*RECURRENT, "transformer")


class Recurrent(nn.Module):
    def __init__(self, kind, width, depth, dropout):
        super().__init__()
        self.layers = nn.ModuleList([RECURRENT[kind](width, width, batch_first=True) for _ in range(depth)])
        self.dropout = nn.Dropout(dropout)

    def forward(self, features):
        for layer in self.layers:
            features = layer(self.dropout(features))[0]
        return features


def rotated(features):
    """Each pair of features [..., t, f] turned by an angle that grows with the position, slower for later pairs."""
    count, half = features.shape[-2], features.shape[-1] // 2
    speed = SLOWEST ** -(torch.arange(half, device=features.device) / half)
    angle = torch.arange(count, device=features.device)[:, None] * speed
    first, second = features[..., :half], features[..., half:]
    cosine, sine = angle.cos(), angle.sin()
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


class Block(nn.Module):
    """Attention to the past and a two-layer network, each behind a layer normalisation."""

    def __init__(self, width, dropout):
        super().__init__()
        self.attention_norm, self.mlp_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project_in, self.project_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.dropout = nn.Dropout(dropout)

    def attend(self, features):
        examples, count, width = features.shape
        split = self.project_in(features).view(examples, count, 3, HEADS, width // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        scores = rotated(query) @ rotated(key).transpose(-2, -1) * (width // HEADS) ** -0.5
        future = torch.ones(count, count, dtype=torch.bool, device=features.device).triu(1)
        mixed = scores.masked_fill(future, float("-inf")).softmax(dim=-1) @ value
        return self.project_out(mixed.transpose(1, 2).reshape(examples, count, width))

    def forward(self, features):
        features = features + self.dropout(self.attend(self.attention_norm(features)))
        return features + self.dropout(self.mlp(self.mlp_norm(features)))


class Transformer(nn.Module):
    def __init__(self, width, depth, dropout):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features):
        return self.norm(self.blocks(self.dropout(features)))


class LanguageModel(nn.Module):
    def __init__(self, symbols, model, width, depth, dropout, tying):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.body = (Transformer(width, depth, dropout) if model == "transformer"
                     else Recurrent(model, width, depth, dropout))
        self.dropout = nn.Dropout(dropout)
        self.output = None if tying else nn.Linear(width, symbols)
        self.bias = nn.Parameter(torch.zeros(symbols)) if tying else None
        self.scale = width ** -0.5

    def forward(self, symbols):
        features = self.dropout(self.body(self.embedding(symbols)))
        if self.output is not None:
            return self.output(features)
        return features @ self.embedding.weight.t() * self.scale + self.bias


def build(config, symbols):
    """The model that a trial's configuration describes, initialised from torch's current seed."""
    return LanguageModel(symbols, config["model"], config["width"], config["depth"], config["dropout"],
                         config["tying"] == "tied")
