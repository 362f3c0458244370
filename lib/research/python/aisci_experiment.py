"""The experiment's side of a study: which trials to run, and how to hand in what they gave.

A study runs a program in a sandbox and gives it a list of trials (an arm and a seed each). The
program loops over them:

    import aisci_experiment          # before numpy and torch: it pins their threads

    for trial in aisci_experiment.trials():
        model = build(trial.config)                       # every factor of the template has a value
        for step in range(160):
            loss = train_step(model)
            if not math.isfinite(loss):
                trial.diverged(f"training loss is {loss} at step {step}")
                break
            trial.log(step, train_loss=loss)
        else:
            trial.finish(metrics={"train_loss": loss}, predictions=predict(model, trial.evaluate))

What the loop promises:
- Before each trial `random`, and numpy and torch where the program imported them, are seeded with the
  trial's seed alone, never with the arm: what is drawn first is the same in every arm of a block.
  `trial.seed_for("initialisation")` gives further seeds with the same property.
- A trial ends by `finish` or `diverged`, exactly once. Its file `<results>/<trial>/metrics.json` is
  written beside its place, synced and renamed, so a reader sees a whole file or none; then one line
  `aisci-trial {...}` goes to standard output.
- Trials whose file is complete are skipped: starting the program again finishes what is left.
- Divergence is an outcome of a trial. An exception is not: it is recorded in `<results>/<trial>/error.json`
  ({"class", "type", "message", "traceback"}) and ends the process with a non-zero status, because
  the trials that remain run the same code and would fail alike. `class` is `out_of_memory`,
  `corrupt_data` or `code_error`.

The configuration is read from the file that AISCI_CONFIG names, else from config.json in the folder
AISCI_JOB or /job. AISCI_DATA and AISCI_RESULTS, where set, are the folders of data and results in
place of those that the configuration names: a program also runs where there is no /data, in a
sandbox without isolation or by hand. This module needs the standard library alone and works on
Python 3.8 and later. Not thread-safe: one loop a process. Since 0.1.
"""

import contextlib
import errno
import hashlib
import json
import math
import os
import pathlib
import platform
import random
import re
import sys
import time
import traceback
import zipfile

__all__ = ["OUT_OF_MEMORY", "ConfigurationError", "DataError", "Trial", "trials"]

# What CUDA, cuBLAS and a CPU's allocators say when there is no memory, in small letters. The templates' training loops go
# by the same words: what makes them cut a batch into smaller parts must make the host take a smaller batch.
OUT_OF_MEMORY = ("out of memory", "alloc_failed", "can't allocate memory", "not enough memory")

_TRACEBACK_CHARACTERS = 4000
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_NAME = re.compile(r"[A-Za-z0-9_+-]{1,64}\Z")


class ConfigurationError(ValueError):
    """The configuration is missing, or a member of it is not what the contract says."""


class DataError(ValueError):
    """The data are not what the program needs; recorded as class `corrupt_data`."""


class Trial:
    """One arm in one block. Made by `trials()`; valid until the loop asks for the next one."""

    def __init__(self, entry, run):
        self.id = entry["id"]          # "t001"
        self.arm = entry["arm"]        # "gelu"
        self.seed = entry["seed"]      # the block's seed, the same in every arm
        self.config = entry["config"]  # factor -> value
        self.data = run["data"]        # folder of the data, read only
        self.evaluate = run["evaluate"]  # the split to predict: "validation" or "confirmation"
        self.threads = run["threads"]
        self.folder = run["results"] / self.id  # for artefacts; holds metrics.json at the end
        self.ended = False
        self._curves = {}
        self._started = time.monotonic()

    def seed_for(self, purpose):
        """A seed below 2**31 for one purpose, fixed by the trial's seed and the purpose, not by the arm."""
        digest = hashlib.sha256(f"{self.seed}/{purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF

    def log(self, step, **curves):
        """Adds a point to each named curve. Steps of a curve must increase; values must be finite."""
        step = _whole(step, "step")
        for name, value in curves.items():
            points = self._curves.setdefault(name, [])
            if points and step <= points[-1][0]:
                raise ValueError(f"trial {self.id}: curve {name} has step {points[-1][0]}, and {step} is not later")
            points.append([step, self._number("curve", name, value)])

    def finish(self, metrics, predictions=None):
        """Hands in the result. `predictions` for each input of the evaluate split, in file order: a whole number (a
        class), a number (a value), or a row of probabilities (one for each class). The first entry decides which."""
        if not isinstance(metrics, dict):
            raise TypeError(f"trial {self.id}: metrics must be a dict of name -> number, not {type(metrics).__name__}")
        self._write({name: self._number("metric", name, value) for name, value in metrics.items()}, predictions, "")

    def diverged(self, reason, metrics=None):
        """Ends the trial as diverged: training left the finite numbers. Metrics that are not finite are left out."""
        finite = {}
        for name, value in (metrics or {}).items():
            with contextlib.suppress(ValueError):
                finite[name] = self._number("metric", name, value)
        self._write(finite, None, str(reason) or "diverged")

    def _number(self, what, name, value):
        if not isinstance(name, str) or not name:
            raise TypeError(f"trial {self.id}: the name of a {what} must be text, not {name!r}")
        value = _plain(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"trial {self.id}: {what} {name} must be a number, not {type(value).__name__}")
        if not math.isfinite(value):
            raise ValueError(f"trial {self.id}: {what} {name} is {value}; a trial whose training left the finite "
                             "numbers ends with trial.diverged(reason)")
        return value

    def _predictions(self, predictions):
        """The form of predictions, and the predictions as numbers of Python."""
        entries = [_plain(entry) for entry in predictions]
        if entries and isinstance(entries[0], (list, tuple)):
            return "probabilities", [[self._number("prediction", str(i), p) for p in row]
                                     for i, row in enumerate(entries)]
        if entries and isinstance(entries[0], float):
            return "values", [self._number("prediction", str(i), value) for i, value in enumerate(entries)]
        return "labels", [_whole(label, f"trial {self.id}: prediction {i}") for i, label in enumerate(entries)]

    def _write(self, metrics, predictions, divergence):
        if self.ended:
            raise RuntimeError(f"trial {self.id} has ended already")
        document = {"$schema": "aisci/trial/1", "trial": self.id, "arm": self.arm, "seed": self.seed,
                    "config": self.config, "metrics": metrics, "curves": self._curves}
        if predictions is not None:
            form, entries = self._predictions(_plain(predictions))
            document["predictions"] = {"split": self.evaluate, form: entries}
        document["diverged"] = bool(divergence)
        if divergence:
            document["divergence"] = divergence
        document["environment"] = _environment(self.threads)
        document["volatile"] = {"seconds": round(time.monotonic() - self._started, 3)}
        _write_atomically(self.folder / "metrics.json", document)
        self.ended = True
        line = {"trial": self.id, "arm": self.arm, "seed": self.seed, "metrics": metrics}
        if divergence:
            line["diverged"] = True
        print("aisci-trial " + json.dumps(line, separators=(",", ":"), allow_nan=False), flush=True)


def trials():
    """The trials that are still to run, one at a time. ConfigurationError at once if the configuration is wrong."""
    run = _read_configuration()
    _pin_threads(run["threads"])
    return _run(run)


def _run(run):
    current = []
    previous_hook = sys.excepthook

    def record(kind, error, trace):
        if current and not issubclass(kind, KeyboardInterrupt):
            _record_error(current[0], run, kind, error, trace)
        previous_hook(kind, error, trace)

    # An exception in the body of a caller's loop never passes through this generator, only the hook sees it.
    sys.excepthook = record
    for entry in run["trials"]:
        if _is_complete(run["results"] / entry["id"] / "metrics.json", entry, run["evaluate"]):
            continue
        _seed_everything(entry["seed"])
        trial = Trial(entry, run)
        current[:] = [trial]
        with contextlib.suppress(FileNotFoundError):
            os.unlink(trial.folder / "error.json")  # of an earlier attempt
        yield trial
        if not trial.ended:
            raise RuntimeError(f"trial {trial.id} went by without trial.finish(...) or trial.diverged(...)")
        current.clear()
    sys.excepthook = previous_hook


def _read_configuration():
    job = pathlib.Path(os.environ.get("AISCI_JOB") or "/job")
    path = pathlib.Path(os.environ.get("AISCI_CONFIG") or job / "config.json")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the configuration {path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not JSON: {error}") from error
    try:
        return _check_configuration(document)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def _check_configuration(document):
    def take(holder, place, name, kind, *default):
        value = holder.get(name, *default)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ConfigurationError(f"{place}{name} must be {kind.__name__}, not {value!r}")
        return value

    if not isinstance(document, dict):
        raise ConfigurationError("the top must be an object")
    data, results = take(document, "", "data", str, "/data"), take(document, "", "results", str, "/results")
    run = {"data": pathlib.Path(os.environ.get("AISCI_DATA") or data),
           "results": pathlib.Path(os.environ.get("AISCI_RESULTS") or results),
           "evaluate": take(document, "", "evaluate", str, "validation"),
           "threads": take(document, "", "threads", int, 1), "trials": []}
    if run["threads"] < 1:
        raise ConfigurationError(f"threads must be 1 or more, not {run['threads']}")
    seen = set()
    for i, entry in enumerate(take(document, "", "trials", list)):
        place = f"trials[{i}]."
        if not isinstance(entry, dict):
            raise ConfigurationError(f"trials[{i}] must be an object")
        for name in ("id", "arm"):
            if not _NAME.match(take(entry, place, name, str)):
                raise ConfigurationError(f"{place}{name} must be letters, digits, '_', '-' or '+', not {entry[name]!r}")
        if not 0 <= take(entry, place, "seed", int) < 2**63:
            raise ConfigurationError(f"{place}seed must be 0 to 2^63 - 1, not {entry['seed']}")
        take(entry, place, "config", dict)
        if entry["id"] in seen:
            raise ConfigurationError(f"two trials are called {entry['id']}")
        seen.add(entry["id"])
        run["trials"].append(entry)
    return run


def _is_complete(path, entry, evaluate):
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(found, dict) or found.get("$schema") != "aisci/trial/1" or "volatile" not in found:
        return False
    split = (found.get("predictions") or {}).get("split", evaluate)
    wanted = (entry["id"], entry["arm"], entry["seed"], entry["config"], evaluate)
    return (found.get("trial"), found.get("arm"), found.get("seed"), found.get("config"), split) == wanted


def _seed_everything(seed):
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
        if torch.cuda.is_available():
            torch.backends.cudnn.benchmark = False
            torch.backends.cudnn.deterministic = True


def _pin_threads(threads):
    for name in _THREAD_VARIABLES:
        os.environ[name] = str(threads)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)


def _environment(threads):
    found = {"python": platform.python_version(), "machine": platform.machine(), "threads": threads}
    for name in ("numpy", "scipy", "sklearn", "torch", "jax"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            found[name] = str(version)
    torch = sys.modules.get("torch")
    if torch is not None:
        found["device"] = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu"
    return found


def _record_error(trial, run, kind, error, trace):
    text = "".join(traceback.format_exception(kind, error, trace))
    document = {"$schema": "aisci/error/1", "trial": trial.id, "arm": trial.arm, "seed": trial.seed,
                "class": _class_of(error, run["data"]), "type": kind.__name__, "message": str(error),
                "traceback": text[-_TRACEBACK_CHARACTERS:]}
    with contextlib.suppress(OSError):  # a full disc must not hide the error itself
        _write_atomically(trial.folder / "error.json", document)


def _class_of(error, data):
    message = str(error).lower()
    no_memory = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if isinstance(error, MemoryError) or no_memory or any(words in message for words in OUT_OF_MEMORY):
        return "out_of_memory"
    if isinstance(error, (DataError, zipfile.BadZipFile, EOFError)):
        return "corrupt_data"
    if isinstance(error, OSError) and error.filename and data in pathlib.Path(os.fsdecode(error.filename)).parents:
        return "corrupt_data"
    return "code_error"


def _plain(value):
    """Numbers of numpy and torch as numbers of Python, their arrays as lists."""
    return value.tolist() if hasattr(value, "tolist") else value


def _whole(value, what):
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be a whole number, not {value!r}")
    return value


def _write_atomically(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    # A message may hold the half of a character: Python shows so the bytes of a file's name that are no UTF-8.
    with open(beside, "w", encoding="utf-8", errors="replace") as file:
        json.dump(document, file, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name itself must survive a power cut
    finally:
        os.close(folder)


def _pin_threads_at_import():
    # Numerical libraries read these once, when they are loaded, which is before trials() is called.
    with contextlib.suppress(ConfigurationError):
        _pin_threads(_read_configuration()["threads"])


_pin_threads_at_import()
