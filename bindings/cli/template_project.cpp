#include "template_project.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace aisci::cli {
namespace {

// A whole template: curves fitted to noisy points, a fraction of a second a trial.
constexpr const char* kManifest = R"({
  "$schema": "aisci/template/1", "name": "@NAME@", "version": "0.1.0",
  "title": "Fitting curves to noisy points", "experiment_type": "@NAME@",
  "words": ["@WORDS@", "curve", "polynomial", "noisy point"],
  "terms": {
    "subject": "curve", "subjects": "curves", "example": "point", "examples": "points", "trained": "fitted",
    "block": "which points are fitted and how they scatter"
  },
  "dataset": {
    "name": "sine", "title": "points on a sine wave, made by the template", "examples": 400,
    "splits": {"train": 200, "validation": 100, "confirmation": 100},
    "split_rule": "points in the order in which they were drawn, cut at a half and at three quarters"
  },
  "population": "polynomials fitted by least squares to points on a smooth curve",
  "metric": "r2",
  "metrics": {
    "r2": {
      "title": "R²", "direction": "higher", "unit": "", "smallest_effect": 0.05,
      "smallest_effect_reason": "one twentieth of the variance", "scored_by": "host", "scoring": "r2", "chance": 0.0,
      "words": ["r squared", "r²", "explained variance", "performance", "generaliz", "generalis"]
    }
  },
  "factors": {
    "degree": {
      "title": "degree", "kind": "ordered", "default": 3, "levels": [1, 3, 5, 9], "labels": {}, "level_words": {},
      "words": ["degree", "flexib"], "expects": "more", "role": "capacity", "records": [],
      "reasons": {"helps": "A curve with more bends can follow a wave that a line cannot."}
    },
    "noise": {
      "title": "scatter", "kind": "ordered", "default": 0.3, "levels": [0.1, 0.3, 0.6], "labels": {}, "level_words": {},
      "words": ["scatter", "noise"], "expects": "less", "records": [],
      "reasons": {"helps": "Scatter hides the curve."}
    },
    "train_size": {
      "title": "number of training points", "kind": "ordered", "default": 40, "levels": [20, 40, 80, 160], "labels": {},
      "level_words": {}, "words": ["number of points", "training set size", "data size", "sample size"], "role": "data",
      "records": []
    }
  },
  "settings": [{"words": ["few points", "small dataset", "small data", "little data"], "factor": "train_size",
                "levels": [20, 40, 80], "states": "20 to 80 training points"}],
  "facts": {},
  "details": [{"text": "Scatter is Gaussian, and is added to the points that are fitted alone."}],
  "cost": {"seconds_per_trial": 0.02, "seconds_per_process": 1.0, "by_level": {}},
  "limits": {"memory_mb": 512, "wall_seconds_per_trial": 20, "threads": 1},
  "environment": {"packages": {"numpy": "1.17"}},
  "program": ["python3", "/job/experiment.py"], "files": ["experiment.py"],
  "prepare": ["python3", "/job/prepare.py"], "prepare_files": ["prepare.py"]
}
)";

constexpr const char* kExperiment = R"("""Fits one curve for each trial and predicts the evaluation points.

A block's seed fixes the points that are fitted and their scatter, the same in every arm; the arm's configuration says
the rest: one value for every factor of template.json.
"""

import aisci_experiment  # before numpy: it pins its threads

import numpy

for trial in aisci_experiment.trials():
    with numpy.load(trial.data / "train.npz") as file:
        x, y = file["x"], file["y"]
    with numpy.load(trial.data / f"{trial.evaluate}.npz") as file:
        evaluated = file["x"]
    random = numpy.random.default_rng(trial.seed_for("points"))
    chosen = random.permutation(len(x))[:trial.config["train_size"]]
    scatter = numpy.random.default_rng(trial.seed_for("scatter")).standard_normal(len(chosen))
    values = y[chosen] + trial.config["noise"] * scatter
    curve = numpy.polynomial.Polynomial.fit(x[chosen], values, trial.config["degree"], domain=[0.0, 1.0])
    error = float(numpy.mean((curve(x[chosen]) - values) ** 2))
    trial.finish(metrics={"fit_error": error}, predictions=curve(evaluated).astype(float))
)";

constexpr const char* kPrepare =
    R"("""Writes the data of a study below /results. Labels of the evaluation points are in labels/ alone: no experiment
sees them, the host scores against them.
"""

import json
import os
import pathlib

import numpy

RESULTS = pathlib.Path(os.environ.get("AISCI_RESULTS", "/results"))
SPLITS = {"train": slice(0, 200), "validation": slice(200, 300), "confirmation": slice(300, 400)}

random = numpy.random.default_rng(20240101)  # the data are the same in every study
x = random.uniform(0.0, 1.0, 400)
y = numpy.sin(6.0 * x)

for folder in ("public", "confirmation", "labels"):
    (RESULTS / folder).mkdir(parents=True, exist_ok=True)
for folder, evaluate in (("public", "validation"), ("confirmation", "confirmation")):
    numpy.savez(RESULTS / folder / "train.npz", x=x[SPLITS["train"]], y=y[SPLITS["train"]])
    numpy.savez(RESULTS / folder / f"{evaluate}.npz", x=x[SPLITS[evaluate]])
    (RESULTS / "labels" / f"{evaluate}.json").write_text(json.dumps({"labels": y[SPLITS[evaluate]].tolist()}))
# What dataset.splits in template.json must say.
counts = {name: len(x[rows]) for name, rows in SPLITS.items()}
(RESULTS / "splits.json").write_text(json.dumps({"counts": counts}))
)";

constexpr const char* kReadme = R"(# @NAME@: a template for aisci

It works as it stands:

    aisci run "How does the degree of a curve affect its fit when there are few points?" --template @FOLDER@ -o study \
        --max-experiments 3
    aisci verify study

Make it yours in this order, and run the line above after each step:
1. `prepare.py`: your data. What experiments may see goes to public/ and confirmation/, labels of the evaluation
   inputs to labels/ alone.
2. `experiment.py`: your model. Whatever the arms of a block must share comes from `trial.seed_for(PURPOSE)`.
3. `template.json`: factors and their levels, metrics with the smallest effect worth acting on and what guessing
   scores, the words by which questions find them, the terms in which a paper speaks, and `details`, what its Method says of
   how a trial comes about. Keep `dataset.splits` what prepare.py counts, and `environment` the packages that your programs
   import, with the least versions that they run on.

docs/guide/templates.md in aisci's source explains every member.
)";

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [from, to] : words)
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
  return text;
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

Result<std::vector<std::string>> write_template_folder(const std::string& name, const std::string& folder) {
  if (!is_name(name))
    return invalid_argument("\"" + name +
                            "\" is no name for a template: a small letter, then small letters, digits "
                            "and '_'");
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
    return already_exists(folder + " is not empty");
  std::filesystem::create_directories(folder, error);
  std::string spaced = name;
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  const std::string place = folder.find('/') == std::string::npos ? "./" + folder : folder;
  const std::vector<std::pair<std::string, std::string>> words{
      {"@NAME@", name}, {"@WORDS@", spaced}, {"@FOLDER@", place}};
  std::vector<std::string> files;
  for (const auto& [file, text] : {std::pair{"template.json", kManifest},
                                   {"experiment.py", kExperiment},
                                   {"prepare.py", kPrepare},
                                   {"README.md", kReadme}}) {
    const std::filesystem::path path = std::filesystem::path{folder} / file;
    std::ofstream out{path};
    out << filled(text, words);
    out.close();
    if (!out) return data_loss("writing " + path.string() + " failed");
    files.push_back(path.string());
  }
  return files;
}

}  // namespace aisci::cli
