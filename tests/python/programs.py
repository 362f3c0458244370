"""Running programs as a sandbox would, in a temporary folder."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = ROOT / "lib/research/python"
TEMPLATE = ROOT / "plugins/agents/design/templates/image_classification"
FIGURES = ROOT / "plugins/agents/analysis/data/figures"


def trial(identity="t001", arm="a", seed=7, **config):
    return {"id": identity, "arm": arm, "seed": seed, "config": config}


def run(folder, program, trials, data="/nowhere", evaluate="validation", options=()):
    """Runs a program (a path, or source text) on the trials. Results are in folder/results."""
    folder = pathlib.Path(folder)
    configuration = folder / "config.json"
    configuration.write_text(json.dumps({"trials": trials, "data": str(data), "results": str(folder / "results"),
                                         "evaluate": evaluate, "threads": 1}))
    if not isinstance(program, pathlib.Path):
        (folder / "program.py").write_text(program)
        program = folder / "program.py"
    environment = {**os.environ, "AISCI_CONFIG": str(configuration), "PYTHONPATH": str(MODULE),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *options, str(program)], env=environment, capture_output=True, text=True)


def result(folder, identity="t001", name="metrics.json"):
    return json.loads((pathlib.Path(folder) / "results" / identity / name).read_text())
