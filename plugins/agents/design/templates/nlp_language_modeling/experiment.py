"""Trains one small language model for each trial and foretells the character that follows each evaluation context.

What a seed fixes, and an arm never changes: which passages are trained on (those of one shuffled order until
`train_size` characters are reached, so smaller texts are part of larger ones), the stream that initialises the
weights, the order of the batches, and the stream that drops units. Every step reads the same amount of text,
whatever the model, the unit and the context: longer contexts come in fewer sequences.
"""

import aisci_experiment  # before numpy and torch: it pins their threads

import numpy
import torch
from torch.nn import functional

import models
import training
import units

CHARACTERS_PER_STEP = 256
LETTERS_IN_A_WORD = 5.3  # with its space: what the text has on average
LEAST = 1e-6  # of a probability that is handed in, which then has six decimals
# The peak rate of AdamW for each model: the best of the factors of two tried, one seed, on the validation contexts. The
# grids differ: four rates for the LSTM and the transformer of characters and for the LSTM of words, three for the
# transformer of words, two for the GRU, whose choice lies at the low end of what was tried.
RATE_OF = {"characters": {"lstm": 0.04, "gru": 0.02, "transformer": 0.01},
           "words": {"lstm": 0.02, "gru": 0.02, "transformer": 0.01}}


def load_text(path):
    """The training text's characters and the lengths of its passages."""
    with numpy.load(path, allow_pickle=False) as file:
        text, lengths = file["text"], file["lengths"]
    if text.ndim != 1 or lengths.sum() != len(text) or text.max() >= len(units.ALPHABET):
        raise aisci_experiment.DataError(f"{path}: the text and the lengths of its passages do not agree")
    return text, lengths


def training_text(trial, text, lengths):
    """The first `train_size` characters of the passages in the order that the seed gives them."""
    size = trial.config["train_size"]
    if size > len(text):
        raise ValueError(f"train_size {size} is more than the {len(text)} characters there are")
    starts = numpy.concatenate([[0], lengths.cumsum()])
    order = torch.randperm(len(lengths), generator=training.seeded(trial, "training subset")).tolist()
    return numpy.concatenate([text[starts[i]:starts[i + 1]] for i in order])[:size]


def sequences_of(stream, length):
    """The stream cut into sequences of `length` symbols and, for each, the symbols that follow."""
    windows = stream.unfold(0, length + 1, length)
    return windows[:, :-1].contiguous(), windows[:, 1:].contiguous()


def sequences_per_step(unit, length):
    symbols = CHARACTERS_PER_STEP if unit == "characters" else round(CHARACTERS_PER_STEP / LETTERS_IN_A_WORD)
    return max(1, round(symbols / length))


def fit(trial, model, stream, length):
    """Trains in place; None when the loss left the finite numbers."""
    config = trial.config
    steps = config["steps"]
    inputs, targets = sequences_of(stream, length)
    indices = training.batch_indices(trial, len(inputs), sequences_per_step(config["unit"], length), steps)
    rate = config["learning_rate"] * RATE_OF[config["unit"]][config["model"]]
    groups = training.parameter_groups(model, config["weight_decay"], exempt=("embedding.weight",))
    torch.manual_seed(trial.seed_for("dropout"))
    return training.fit(
        trial, model, training.make_optimiser("adamw", groups, rate), clip_norm=config["clipping"] or None, steps=steps,
        batches=training.batches_of((inputs, targets), indices),
        loss_of=lambda symbols, following: functional.cross_entropy(model(symbols).flatten(0, 1), following.flatten()),
        share=lambda step: training.learning_rate_share(step, steps, config["warm_up"], config["schedule"]))


@torch.no_grad()
def next_symbol(model, symbols, places):
    """Logits of the symbol that follows `places` in each row."""
    model.eval()
    parts = [model(rows.to(training.DEVICE))[torch.arange(len(rows)), at].float().cpu()
             for rows, at in zip(symbols.split(512), places.split(512))]
    return torch.cat(parts)


def probabilities(found):
    """Rows that sum to one in six decimals, none of them zero."""
    raised = numpy.maximum(found, LEAST)
    return numpy.round(raised / raised.sum(axis=1, keepdims=True), 6)


def run(trial):
    config = trial.config
    text, lengths = load_text(trial.data / "train.npz")
    with numpy.load(trial.data / f"{trial.evaluate}.npz", allow_pickle=False) as file:
        contexts = file["contexts"]
    unit = units.UNITS[config["unit"]](training_text(trial, text, lengths), config["context"])

    torch.manual_seed(trial.seed_for("initialisation"))
    model = models.build(config, unit.symbols).to(training.DEVICE)
    fitted = fit(trial, model, unit.stream, unit.length)
    if fitted is None:
        return
    logits = next_symbol(model, *unit.read(contexts))
    if not torch.isfinite(logits).all():
        trial.diverged("the trained model's outputs are not finite")
        return
    found = unit.next_character(logits, contexts)
    trial.finish(
        metrics={"train_loss": fitted.logged[-1][1]["train_loss"], "gradient_norm": fitted.gradient_norm,
                 "symbols": unit.symbols, "confidence": found.max(axis=1).mean(),
                 "parameters": sum(parameter.numel() for parameter in model.parameters())},
        predictions=probabilities(found).tolist())


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
