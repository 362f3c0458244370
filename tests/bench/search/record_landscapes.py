#!/usr/bin/env python3
"""Records landscapes for the search benchmark by training real models.

A landscape is a table: every row a configuration of a scikit-learn pipeline, with its validation and its test score for each
of several seeds. A seed draws the split, the training sample and the model's own randomness. Format `aisci-landscape/1`:

  {"format": "aisci-landscape/1", "name": ..., "space": {factor: [levels]},
   "rows": [{"config": [level indices], "val": [score per seed], "test": [score per seed]}]}

Usage: record_landscapes.py [--out FOLDER] [--rows SHARE] [NAME ...]        (all landscapes without a name; about fifteen minutes
on one core). Needs scikit-learn alone. Scores lie in [0, 1]: accuracy, or R squared cut off at 0.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
from sklearn import datasets  # noqa: E402
from sklearn.compose import TransformedTargetRegressor  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.ensemble import (ExtraTreesClassifier, GradientBoostingRegressor, RandomForestClassifier)  # noqa: E402
from sklearn.feature_selection import SelectKBest, f_classif, f_regression  # noqa: E402
from sklearn.kernel_approximation import Nystroem  # noqa: E402
from sklearn.linear_model import Lasso, Ridge, SGDClassifier  # noqa: E402
from sklearn.neighbors import KNeighborsRegressor  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import (KBinsDiscretizer, MinMaxScaler, PolynomialFeatures, PowerTransformer,  # noqa: E402
                                   RobustScaler, StandardScaler)
from sklearn.svm import SVC, SVR  # noqa: E402
from sklearn.tree import DecisionTreeRegressor  # noqa: E402

SCALERS = {"none": None, "standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}


def pipeline(*steps):
    return make_pipeline(*[step for step in steps if step is not None])


def scaler(name):
    return SCALERS[name]() if SCALERS[name] else None


def digits_mlp(c, seed):
    return pipeline(
        scaler(c["scaling"]), PCA(c["pca"], random_state=seed) if c["pca"] else None,
        MLPClassifier((c["width"],) * c["layers"], activation=c["activation"], alpha=c["alpha"], learning_rate_init=c["rate"],
                      batch_size=c["batch"], max_iter=c["epochs"], solver=c["solver"], random_state=seed))


def breast_cancer_svm(c, seed):
    return pipeline(
        PowerTransformer() if c["power"] else None, scaler(c["scaling"]),
        SelectKBest(f_classif, k=c["select"]) if c["select"] else None, PCA(c["pca"], random_state=seed) if c["pca"] else None,
        SVC(kernel=c["kernel"], C=c["C"], gamma=c["gamma"], degree=c["degree"], coef0=c["coef0"], class_weight=c["weight"],
            shrinking=c["shrinking"], max_iter=3000, random_state=seed))


def diabetes_boosting(c, seed):
    model = pipeline(
        PolynomialFeatures(2) if c["squares"] else None, PCA(c["pca"], random_state=seed) if c["pca"] else None,
        GradientBoostingRegressor(n_estimators=c["trees"], learning_rate=c["rate"], max_depth=c["depth"], subsample=c["sample"],
                                  min_samples_leaf=c["leaf"], max_features=c["features"], loss=c["loss"], random_state=seed))
    return TransformedTargetRegressor(model, func=np.log, inverse_func=np.exp) if c["log"] else model


def wine_forest(c, seed):
    kind = ExtraTreesClassifier if c["extra"] else RandomForestClassifier
    return pipeline(
        KBinsDiscretizer(c["bins"], encode="ordinal", strategy="uniform") if c["bins"] else None, scaler(c["scaling"]),
        PCA(c["pca"], random_state=seed) if c["pca"] else None,
        kind(n_estimators=c["trees"], max_depth=c["depth"], min_samples_leaf=c["leaf"], criterion=c["criterion"],
             max_features=c["features"], bootstrap=c["bootstrap"], class_weight=c["weight"], random_state=seed))


def digits_sgd(c, seed):
    return pipeline(
        scaler(c["scaling"]), PCA(c["pca"], random_state=seed) if c["pca"] else None,
        Nystroem(gamma=c["gamma"], n_components=80, random_state=seed) if c["gamma"] else None,
        SGDClassifier(loss=c["loss"], penalty=c["penalty"], alpha=c["alpha"], learning_rate=c["schedule"], eta0=c["rate"],
                      max_iter=c["epochs"], tol=None, average=c["average"], fit_intercept=c["intercept"], random_state=seed))


def diabetes_mixed(c, seed):
    strength = c["strength"]
    models = {
        "ridge": lambda: Ridge(10.0 ** strength), "lasso": lambda: Lasso(10.0 ** (strength - 1), max_iter=300),
        "neighbours": lambda: KNeighborsRegressor(8 + 6 * strength, weights=c["weights"]),
        "svr": lambda: SVR(C=10.0 ** (2 - strength), kernel=c["kernel"], max_iter=2000),
        "tree": lambda: DecisionTreeRegressor(max_depth=c["depth"], min_samples_leaf=c["leaf"], random_state=seed)}
    model = pipeline(
        PowerTransformer() if c["power"] else None, scaler(c["scaling"]), PolynomialFeatures(2) if c["squares"] else None,
        SelectKBest(f_regression, k=c["select"]) if c["select"] else None, PCA(c["pca"], random_state=seed) if c["pca"] else None,
        models[c["model"]]())
    return TransformedTargetRegressor(model, func=np.log, inverse_func=np.exp) if c["log"] else model


# name: (data, training rows, validation rows, recorded configurations, seeds, model, space)
# Validation sets are small: a single score is noisy, as a cheap experiment's is.
LANDSCAPES = {
    "digits_mlp": (datasets.load_digits, 120, 40, 700, 12, digits_mlp, {
        "width": [8, 32, 96], "layers": [1, 2], "activation": ["identity", "tanh", "relu"], "alpha": [1e-4, 1.0],
        "rate": [1e-4, 1e-3, 1e-2], "batch": [16, 64], "epochs": [4, 15], "scaling": ["none", "standard", "minmax"],
        "pca": [None, 10], "solver": ["adam", "sgd"]}),
    "breast_cancer_svm": (datasets.load_breast_cancer, 60, 40, 1200, 12, breast_cancer_svm, {
        "scaling": ["none", "standard"], "power": [False, True], "select": [None, 8], "pca": [None, 3], "kernel": ["linear", "rbf"],
        "C": [0.1, 10.0], "gamma": ["scale", 0.001], "degree": [2, 3], "coef0": [0.0, 1.0], "weight": [None, "balanced"],
        "shrinking": [True, False]}),
    "diabetes_boosting": (datasets.load_diabetes, 120, 50, 600, 12, diabetes_boosting, {
        "trees": [5, 20, 50], "rate": [0.01, 0.1, 0.5], "depth": [1, 3, 6], "sample": [0.5, 1.0], "leaf": [1, 10],
        "features": [None, "sqrt"], "loss": ["squared_error", "huber", "absolute_error"], "squares": [False, True],
        "pca": [None, 5], "log": [False, True]}),
    "wine_forest": (datasets.load_wine, 24, 30, 1024, 12, wine_forest, {
        "extra": [False, True], "trees": [2, 12], "depth": [2, None], "leaf": [1, 4], "criterion": ["gini", "entropy"],
        "features": [1, "sqrt"], "bootstrap": [False, True], "scaling": ["standard"], "pca": [None, 3], "weight": [None, "balanced"],
        "bins": [None, 3]}),
    "digits_sgd": (datasets.load_digits, 150, 40, 900, 12, digits_sgd, {
        "loss": ["hinge", "log_loss", "modified_huber", "perceptron"], "penalty": ["l2", "l1"], "alpha": [1e-5, 1e-3, 1e-1],
        "schedule": ["constant", "invscaling"], "rate": [0.001, 0.1, 10.0], "epochs": [1, 10], "scaling": ["none", "standard", "minmax"],
        "pca": [None, 15], "gamma": [None, 0.01, 1.0], "average": [False, True], "intercept": [True, False]}),
    "diabetes_mixed": (datasets.load_diabetes, 80, 50, 1440, 12, diabetes_mixed, {
        "model": ["ridge", "lasso", "neighbours", "svr", "tree"], "strength": [0, 1, 2], "weights": ["uniform", "distance"],
        "kernel": ["linear", "rbf"], "depth": [2, 6], "scaling": ["none", "standard"], "power": [False, True],
        "squares": [False, True], "select": [None, 5], "pca": [None, 3], "log": [False, True], "leaf": [5]}),
}


def splits(data, size, val_size, seeds):
    x, y = data(return_X_y=True)
    for seed in range(seeds):
        order = np.random.RandomState(1000 + seed).permutation(len(y))
        train, val, test = order[:size], order[size:size + val_size], order[size + val_size:]
        yield seed, x, y, train, val, test


def record(name, share):
    data, size, val_size, rows, seeds, build, space = LANDSCAPES[name]
    levels = [range(len(values)) for values in space.values()]
    every = list(itertools.product(*levels))
    chosen = random.Random(name).sample(every, min(len(every), max(50, int(rows * share))))
    parts = list(splits(data, size, val_size, seeds))
    table = []
    for config in chosen:
        values = {factor: space[factor][level] for factor, level in zip(space, config)}
        row = {"config": list(config), "val": [], "test": []}
        for seed, x, y, train, val, test in parts:
            try:
                model = build(values, seed).fit(x[train], y[train])
                scores = model.score(x[val], y[val]), model.score(x[test], y[test])
            except (ValueError, FloatingPointError):  # a configuration that does not train is worth nothing
                scores = 0.0, 0.0
            for key, score in zip(("val", "test"), scores):
                row[key].append(round(float(min(1.0, max(0.0, score if np.isfinite(score) else 0.0))), 4))
        table.append(row)
    return {"format": "aisci-landscape/1", "name": name, "space": space, "rows": table}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "landscapes")
    parser.add_argument("--rows", type=float, default=1.0)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or LANDSCAPES:
        begun = time.time()
        landscape = record(name, arguments.rows)
        head = {key: value for key, value in landscape.items() if key != "rows"}
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in landscape["rows"])
        text = json.dumps(head)[:-1] + ', "rows": [\n' + lines + "\n]}\n"
        (arguments.out / f"{name}.json").write_text(text)
        print(f"{name}: {len(landscape['rows'])} rows, {len(text) // 1024} KB, {time.time() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
