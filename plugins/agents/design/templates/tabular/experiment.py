"""Fits one model to a table for each trial and predicts the evaluation rows.

What a seed fixes, and an arm never changes: which rows are learnt from (the first `train_size` of one shuffled order,
so smaller sets are part of larger ones), the noise that is added, the labels that are shuffled, and the random choices
of a model. A number that is missing (NaN) stays so until the model is fitted; see models.py.
"""

import json

import aisci_experiment  # before numpy and scikit-learn: it pins their threads

import numpy

import models

ROWS_TOLD = 8  # which rows a seed chose: in a table whose rows are much alike, all else may be equal under two seeds


def load(trial):
    with numpy.load(trial.data / "train.npz", allow_pickle=False) as file:
        features, labels = file["features"], file["labels"]
    with numpy.load(trial.data / f"{trial.evaluate}.npz", allow_pickle=False) as file:
        evaluated = file["features"]
    layout = json.loads((trial.data / "columns.json").read_text(encoding="utf-8"))
    if features.shape[1] != len(layout["origins"]) or evaluated.shape[1] != features.shape[1]:
        raise aisci_experiment.DataError("the features do not fit their list of columns")
    return features, labels, evaluated, layout


def used(layout, left_out):
    """Which features stay when a column is left out ("c3" is the third column of the table, "all" leaves out none)."""
    name = None if left_out in (None, "all") else layout["columns"][int(left_out[1:]) - 1]
    return numpy.array([origin != name for origin in layout["origins"]])


def random_for(trial, purpose):
    return numpy.random.default_rng(trial.seed_for(purpose))


def spreads(features):
    """The standard deviation of each column, the unit of its noise; zero where it has no number at all."""
    return numpy.ma.masked_invalid(features).std(axis=0).filled(0.0)


def shuffled_share(labels, share, random):
    """The labels with a share of them dealt out anew among themselves."""
    noisy = labels.copy()
    chosen = random.permutation(len(labels))[:int(round(share * len(labels)))]
    noisy[chosen] = labels[random.permutation(chosen)]
    return noisy


def run(trial):
    config = trial.config
    features, labels, evaluated, layout = load(trial)
    keep = used(layout, config.get("columns"))
    features, evaluated = features[:, keep], evaluated[:, keep]
    if config["train_size"] > len(features):
        raise ValueError(f"train_size {config['train_size']} is more than the {len(features)} training rows there are")
    rows = random_for(trial, "training subset").permutation(len(features))[:config["train_size"]]
    noise, other = random_for(trial, "feature noise"), random_for(trial, "noise of the evaluated rows")
    features = features[rows]
    spread = spreads(features)
    features = features + config["feature_noise"] * spread * noise.standard_normal(features.shape)
    evaluated = evaluated + config["feature_noise"] * spread * other.standard_normal(evaluated.shape)
    labels = shuffled_share(labels[rows], config["label_noise"], random_for(trial, "label noise"))
    model = models.build(layout["kind"], config, trial.seed_for("model"))
    model.fit(features, labels)
    fit_loss = models.training_loss(layout["kind"], model, features, labels)
    trial.log(1, fit_loss=fit_loss, training_mean=float(numpy.nan_to_num(features).mean()))
    for place, row in enumerate(rows[:ROWS_TOLD], 1):
        trial.log(place, training_row=int(row))
    predictions = model.predict(evaluated)
    if layout["kind"] == "classification":
        predictions = predictions.astype(int)
    trial.finish(metrics={"fit_loss": fit_loss}, predictions=predictions)


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
