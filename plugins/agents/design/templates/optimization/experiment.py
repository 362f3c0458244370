"""Runs one optimiser on one problem for each trial: how far the training loss falls in a fixed number of steps.

What a seed fixes, and an arm never changes: the initial weights and the order of the batches. The rows are the
same in every trial, because the problem is what they and the model make.
"""

import math

import aisci_experiment  # before numpy and torch: it pins their threads

import torch

import problems
import training

LEAST = 1e-8  # of a training loss, so that it has a logarithm
# The peak rate of each optimiser on each model, for classes and for numbers: the one with the lowest loss on the
# validation rows of six half decades, 0.03 to 10 for classes and 0.003 to 1 for numbers (a tenth and a third of it for
# the adaptive ones), in a pilot of three seeds on digits and on diabetes. None for classes is at an end of its grid; for
# numbers the one-layer network's momentum, Nesterov and RMSprop and the deep one's RMSprop are at the low end. AdamW takes
# Adam's.
RATE_OF = {
    "classes": {
        "linear": {"sgd": 1.0, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.03, "adam": 0.1, "adamw": 0.1},
        "mlp": {"sgd": 1.0, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.03, "adamw": 0.03},
        "deep": {"sgd": 1.0, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.03, "adamw": 0.03}},
    "numbers": {
        "linear": {"sgd": 0.1, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.03, "adam": 0.1, "adamw": 0.1},
        "mlp": {"sgd": 0.03, "momentum": 0.003, "nesterov": 0.003, "rmsprop": 0.001, "adam": 0.003, "adamw": 0.003},
        "deep": {"sgd": 0.1, "momentum": 0.01, "nesterov": 0.01, "rmsprop": 0.001, "adam": 0.003, "adamw": 0.003}}}


def fit(trial, model, problem):
    """Trains in place; None when the loss left the finite numbers."""
    config = trial.config
    steps = config["steps"]
    rates = RATE_OF["classes" if problem.classes else "numbers"][config["model"]]
    rate = config["learning_rate"] * rates[config["optimiser"]]
    groups = training.parameter_groups(model, config["weight_decay"])
    indices = training.batch_indices(trial, len(problem.inputs), config["batch_size"], steps)
    return training.fit(
        trial, model, training.make_optimiser(config["optimiser"], groups, rate), steps=steps,
        clip_norm=config["clipping"] or None, batches=training.batches_of((problem.inputs, problem.labels), indices),
        loss_of=lambda inputs, labels: problem.loss(model(inputs), labels),
        share=lambda step: training.learning_rate_share(step, steps, config["warm_up"], config["schedule"]))


@torch.no_grad()
def outputs_of(model, inputs):
    model.eval()
    return model(inputs.to(training.DEVICE)).float().cpu()


@torch.no_grad()
def weight_norm(model):
    """In double precision: weights may grow beyond what squares of single precision hold."""
    return sum(float(parameter.double().square().sum()) for parameter in model.parameters()) ** 0.5


def run(trial):
    problem = problems.Problem(trial.data, trial.evaluate, trial.config["scaling"])
    torch.manual_seed(trial.seed_for("initialisation"))
    model = problem.model(trial.config["model"]).to(training.DEVICE)
    fitted = fit(trial, model, problem)
    if fitted is None:
        return
    outputs = outputs_of(model, problem.asked)
    final = problem.loss(outputs_of(model, problem.inputs), problem.labels)
    if not torch.isfinite(outputs).all() or not final < problem.guess:
        trial.diverged(f"the final training loss is {float(final)}, no better than guessing")
        return
    trial.finish(
        metrics={"log_train_loss": math.log10(max(LEAST, float(final))), "train_loss": final,
                 "gradient_norm": fitted.gradient_norm, "weight_norm": weight_norm(model),
                 "parameters": sum(parameter.numel() for parameter in model.parameters())},
        predictions=problem.predictions(outputs))


def main():
    for trial in aisci_experiment.trials():
        run(trial)


if __name__ == "__main__":
    main()
