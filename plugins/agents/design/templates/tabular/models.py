"""The models that a trial can fit, for classes and for quantities, behind one step that fills in missing numbers and one
that scales. Both steps learn from the rows that the model is fitted to, and from no others.
"""

import numpy
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier,
                              RandomForestRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, SVR

NEIGHBOURS = 5
BOOSTING_RATE = 0.1


class OneClassIsEnough:
    """A classifier that, given rows of one class alone, predicts that class instead of failing."""

    def __init__(self, model):
        self.model = model

    def fit(self, features, labels):
        if len(numpy.unique(labels)) < 2:
            self.model = DummyClassifier(strategy="most_frequent")
        self.model.fit(features, labels)
        return self

    def predict(self, features):
        return self.model.predict(features)


def classifier(config, seed):
    strength, trees, depth = config["regularisation"], config["trees"], config["depth"]
    return {
        "linear": lambda: LogisticRegression(C=1.0 / strength, max_iter=2000),
        "svm": lambda: SVC(C=1.0 / strength),
        "knn": lambda: KNeighborsClassifier(NEIGHBOURS),
        "forest": lambda: RandomForestClassifier(trees, max_depth=depth, random_state=seed, n_jobs=1),
        "boosting": lambda: GradientBoostingClassifier(n_estimators=trees, max_depth=depth, random_state=seed,
                                                       learning_rate=BOOSTING_RATE),
    }[config["model"]]()


def regressor(config, seed):
    strength, trees, depth = config["regularisation"], config["trees"], config["depth"]
    return {
        "linear": lambda: Ridge(alpha=strength),
        "svm": lambda: SVR(C=1.0 / strength),
        "knn": lambda: KNeighborsRegressor(NEIGHBOURS),
        "forest": lambda: RandomForestRegressor(trees, max_depth=depth, random_state=seed, n_jobs=1),
        "boosting": lambda: GradientBoostingRegressor(n_estimators=trees, max_depth=depth, random_state=seed,
                                                      learning_rate=BOOSTING_RATE),
    }[config["model"]]()


class ScaledTarget:
    """A regressor that sees the target in units of its spread, so that strengths mean the same for any unit."""

    def __init__(self, model):
        self.model, self.mean, self.spread = model, 0.0, 1.0

    def fit(self, features, labels):
        self.mean, self.spread = float(labels.mean()), float(labels.std()) or 1.0
        self.model.fit(features, (labels - self.mean) / self.spread)
        return self

    def predict(self, features):
        return self.model.predict(features) * self.spread + self.mean


def build(kind, config, seed):
    steps = (SimpleImputer(strategy="median", keep_empty_features=True),  # a column without any number becomes zero
             StandardScaler() if config["scaling"] == "standard" else FunctionTransformer())
    if kind == "classification":
        return OneClassIsEnough(make_pipeline(*steps, classifier(config, seed)))
    return ScaledTarget(make_pipeline(*steps, regressor(config, seed)))


def training_loss(kind, model, features, labels):
    """Mean squared error of a regressor in units of the labels' variance; the share of errors of a classifier."""
    predicted = model.predict(features)
    if kind == "regression":
        return float(numpy.mean((predicted - labels) ** 2) / (labels.var() or 1.0))
    return float(numpy.mean(predicted != labels))
