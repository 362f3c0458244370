"""Running programs as a sandbox would, in a temporary folder."""

import importlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = ROOT / "lib/research/python"
TEMPLATES = ROOT / "plugins/agents/design/templates"
FIGURES = ROOT / "plugins/agents/analysis/data/figures"


def description(template):
    return json.loads((TEMPLATES / template / "template.json").read_text(encoding="utf-8"))


def file_of(template, name):
    """A file that a template names: its own, else the one that templates share."""
    own = TEMPLATES / template / name
    return own if own.is_file() else TEMPLATES / "shared" / name


def load(template, name):
    """A module of a template, without running it as a program and without leaving its folders on the path."""
    for loaded in [key for key, module in sys.modules.items()
                   if str(getattr(module, "__file__", None) or "").startswith(str(TEMPLATES))]:
        del sys.modules[loaded]  # two templates may call a module alike
    folders = [str(MODULE), str(TEMPLATES / template), str(TEMPLATES / "shared")]
    sys.path[:0] = folders
    try:
        return importlib.import_module(name)
    finally:
        del sys.path[:len(folders)]


def prepare(template, results, variant=None):
    """Runs a template's prepare step into a folder."""
    command = (description(template)["variants"][variant] if variant else {}).get("prepare", description(template)["prepare"])
    name, *options = [pathlib.PurePath(word).name for word in command[1:]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(MODULE), str(TEMPLATES / "shared")]),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, file_of(template, name), *options, results], check=True, env=environment)


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
    environment = {**os.environ, "AISCI_CONFIG": str(configuration),
                   "PYTHONPATH": os.pathsep.join([str(MODULE), str(TEMPLATES / "shared")]),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *options, str(program)], env=environment, capture_output=True, text=True)


def result(folder, identity="t001", name="metrics.json"):
    return json.loads((pathlib.Path(folder) / "results" / identity / name).read_text())
