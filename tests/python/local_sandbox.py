"""A sandbox in Python, without isolation, and one that imitates the training of networks: what component and study tests
share."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import aisci


class Session(aisci.SandboxSession):
    """Programs are real processes; /job, /results and mounts are replaced by the host's paths, as docs ask."""

    def __init__(self, imitate=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aisci-local-"))
        self.imitate = imitate
        self.runs = {}

    def place(self, path):
        return self.folder / path.lstrip("/")

    def put(self, path, source, call):
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(source.read())

    def get(self, path, sink, call):
        try:
            sink(self.place(path).read_bytes())
        except FileNotFoundError:
            raise aisci.NotFound(path) from None

    def start(self, spec, run_id, call):
        if run_id in self.runs:
            raise aisci.AlreadyExists(run_id)
        places = {"/job": spec.get("job") or str(self.folder / "job"),
                  "/results": spec.get("results") or str(self.folder / "results")}
        places.update((mount["to"], mount["from"]) for mount in spec.get("mounts", []))

        def replaced(word):
            for place, real in places.items():
                if word == place or word.startswith(place + "/"):
                    return real + word[len(place):]
            return word

        argv = [replaced(word) for word in spec["argv"]]
        if self.imitate and argv[-1].endswith("experiment.py"):
            self.imitate(pathlib.Path(places["/job"]), pathlib.Path(places["/results"]))
            argv = ["true"]
        environment = {"PATH": "/usr/bin:/bin", "HOME": places["/results"], "LANG": "C.UTF-8",
                       "AISCI_JOB": places["/job"], "AISCI_RESULTS": places["/results"],
                       "AISCI_DATA": places.get("/data", ""),
                       **{name: replaced(text) for name, text in spec.get("environment", {}).items()}}
        self.runs[run_id] = subprocess.Popen(argv, env=environment, start_new_session=True, stdout=subprocess.PIPE,
                                             stderr=subprocess.PIPE, cwd=replaced(spec.get("directory", "/job")))
        self.runs[run_id].was_killed = False
        return run_id

    def wait(self, token, output, errors, events, call):
        program, began = self.runs[token], time.monotonic()
        texts = {}

        def drain(name, stream):
            texts[name] = stream.read()

        readers = [threading.Thread(target=drain, args=each)
                   for each in (("out", program.stdout), ("err", program.stderr))]
        for reader in readers:
            reader.start()
        while program.poll() is None:
            if call.is_cancelled():
                raise aisci.Cancelled("the waiting was cancelled")
            time.sleep(0.01)
        for reader in readers:
            reader.join()
        output(texts["out"])
        errors(texts["err"])
        code = program.returncode
        return aisci.Exit(code=max(code, -1), signal=max(-code, 0), killed=program.was_killed,
                          wall_seconds=time.monotonic() - began)

    def kill(self, token, grace_seconds, call):
        program = self.runs[token]
        program.was_killed = True
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)

    def close(self):
        for program in self.runs.values():
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class LocalSandbox(aisci.Sandbox):
    def __init__(self, imitate=None):
        self.imitate = imitate

    def open(self, limits, call):
        return Session(self.imitate)

    def attach(self, run_id, call):
        raise aisci.NotFound(f"no run {run_id}")

    def leftovers(self, call):
        return []


def imitate_training(job, results):
    """Predictions as if a network had been trained: right in more cases for gelu than for other activations."""
    config = json.loads((job / "config.json").read_text())
    split = config["evaluate"]
    file = f"data/labels/{split}.json"  # of the study, which no real program can see
    study = next(parent for parent in job.parents if (parent / file).exists())
    labels = json.loads((study / file).read_text())["labels"]
    for trial in config["trials"]:
        draws = random.Random(f"{trial['seed']} {trial['arm']}")
        share = 0.8 + 0.02 * draws.gauss(0, 1) + (0.06 if trial["arm"].startswith("gelu") else 0)
        predictions = [label if draws.random() < share else (label + 1) % 10 for label in labels]
        folder = results / trial["id"]
        folder.mkdir(parents=True, exist_ok=True)
        document = {"$schema": "aisci/trial/1", "trial": trial["id"], "arm": trial["arm"], "seed": trial["seed"],
                    "config": trial["config"], "metrics": {"train_loss": 1 - share},
                    "curves": {"train_loss": [[10, 2.0], [20, 1.0 + draws.random()]]},
                    "predictions": {"split": split, "labels": predictions}, "diverged": False, "environment": {},
                    "volatile": {"seconds": 0.0}}
        (folder / "metrics.json").write_text(json.dumps(document))
