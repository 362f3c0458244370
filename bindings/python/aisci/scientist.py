"""Scientist and Study: from a question to a paper.

    scientist = aisci.AIScientist(llm_provider="offline", max_experiments=8, seed=7)
    result = scientist.run(research_question="...", output_dir="my-study",
                           on_event=lambda event: print(event.message))
    print(result.paper.pdf, [verdict.verdict for verdict in result.paper.verdicts])

or with a handle: study = scientist.start(question, folder); study.pause(); study.resume(); study.wait(). Options have
the names of aisci.toml and of include/aisci/options.hpp; option_table() lists them. Values may be what Python has: True,
a list of paths, a dict of weights.

Ctrl-C in run() or wait() asks the study to end, waits for it and raises KeyboardInterrupt; nothing is lost, and
scientist.resume(folder) continues. A study whose handle is dropped, or whose program ends, is cancelled and waited for.

Threads: a Scientist is a value of one thread; a Study may be used from several. Callbacks run on threads of the study,
one at a time; an exception that one raises cancels the study, and wait() raises it.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import os
import pathlib
import re
import weakref
from typing import Any, Callable, Optional, Union, overload

from . import _aisci
from .components import FunctionOfNode, NodeView, Registry, Score, ValueFunction
from .errors import Cancelled, InvalidArgument, from_code
from .results import Event, OptionInfo, Problem, StudyResult, VerifyReport, result_of

__all__ = ["AIScientist", "Scientist", "Study", "describe_study", "explain_number", "load_options", "option_table",
           "verify_study"]

Path = Union[str, "os.PathLike[str]"]
Worth = Union[str, ValueFunction, Callable[[NodeView], Union[float, Score]]]


_open: "weakref.WeakSet[Study]" = weakref.WeakSet()


def _end() -> None:
    for study in list(_open):
        study.close()
    _aisci.finish()


atexit.register(_end)


def _deliver(to: "weakref.ref[Study]", index: int, *event: Any) -> None:
    study = to()
    if study is None or study._failure is not None:
        return
    try:
        study._callbacks[index](Event(*event))
    except BaseException as error:
        study._failure = error
        study.cancel()


class Study:
    """Handle of one run; made by Scientist.start() and resume(). `with` closes it."""

    def __init__(self, handle: _aisci.StudyHandle, registry: Registry) -> None:
        self._handle = handle
        self._registry = registry  # keeps the components alive
        self._callbacks: list[Callable[[Event], object]] = []
        self._failure: Optional[BaseException] = None
        _open.add(self)

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._handle.close()

    def close(self) -> None:
        """Cancels the study if it runs, and waits for its end."""
        self._handle.close()
        _open.discard(self)

    def on_event(self, callback: Callable[[Event], object]) -> None:
        """Calls back for each event, those that came before included."""
        self._callbacks.append(callback)
        self._handle.on_event(functools.partial(_deliver, weakref.ref(self), len(self._callbacks) - 1))

    @property
    def state(self) -> str:
        """"running", "paused", "completed", "failed" or "cancelled"."""
        return self._handle.state()

    @property
    def progress(self) -> float:
        """Of the whole study, 0 to 1; never falls."""
        return self._handle.progress()

    def pause(self) -> None:
        """Holds before the next experiment is started."""
        self._handle.pause()

    def resume(self) -> None:
        self._handle.resume()

    def cancel(self) -> None:
        """Ends the study soon; Scientist.resume() continues it."""
        self._handle.cancel()

    def steer(self, finish_search: bool = False, hypothesis: Optional[dict[str, Any]] = None) -> None:
        """Ends the search, or has a hypothesis (docs/guide/documents.md) tested next. Recorded in the ledger."""
        self._handle.steer(finish_search, json.dumps(hypothesis) if hypothesis else "")

    @overload
    def wait(self, timeout: None = None) -> StudyResult: ...

    @overload
    def wait(self, timeout: float) -> Optional[StudyResult]: ...

    def wait(self, timeout: Optional[float] = None) -> Optional[StudyResult]:
        """Blocks until the study ends; None when `timeout` seconds passed first.

        Raises what made it fail, Cancelled, or what a callback raised.
        """
        try:
            raw = self._handle.wait(timeout)
        except KeyboardInterrupt:
            self.cancel()
            self._handle.wait(None)
            raise
        if raw is None:
            return None
        if self._failure is not None:
            raise self._failure
        if raw["state"] == "cancelled":
            raise Cancelled(raw["reason"])
        if raw["state"] != "completed":
            raise from_code(raw["code"], raw["reason"])
        return result_of(raw)

    async def wait_async(self) -> StudyResult:
        """wait() for coroutines. Cancelling the task cancels the study."""
        try:
            while True:
                result = self.wait(0)
                if result is not None:
                    return result
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            self.cancel()
            raise


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ",".join(f"{key}={number}" for key, number in value.items())
    if name == "gpu_ids" and isinstance(value, (list, tuple)) and not value:
        return "none"
    if isinstance(value, (list, tuple)):
        return (":" if name in ("literature", "plugins") else ",").join(str(part) for part in value)
    return str(value)


class Scientist:
    """Configuration; starts studies. Raises InvalidArgument for an unknown option, naming the nearest one."""

    def __init__(self, **options: Any) -> None:
        self._registry = Registry()
        self._worth: Optional[Worth] = None
        self._state: Path = _aisci.default_state_folder()
        self._texts: dict[str, str] = {}
        for name, value in options.items():
            if name in ("gpu_ids", "gpu_allocation") and value is None:
                continue
            if name == "value_function" and not isinstance(value, str):
                self._worth = value
            else:
                self._texts[name] = _text(name, value)
        self.options  # checks them now

    @property
    def options(self) -> dict[str, str]:
        """Every option's value as text, as `aisci config show` prints it."""
        return _aisci.option_texts(list(self._texts.items()))

    def use(self, registry: Registry) -> "Scientist":
        """Components and plugins beside the shipped ones."""
        self._registry = registry
        return self

    def remember_in(self, state_folder: Optional[Path]) -> "Scientist":
        """The folder in which start() notes studies with options of the user's own, by which resume() knows them; None for
        none. At first $XDG_STATE_HOME/aisci, else ~/.local/state/aisci, as for the command line."""
        self._state = "" if state_folder is None else state_folder
        return self

    def start(self, research_question: str, output_dir: Path, value_function: Optional[Worth] = None) -> Study:
        """Starts a study in a new or empty folder, or in that of a study that was refused before anything was run.

        `value_function`: the name of a component, a ValueFunction, or a callable that takes a node and returns its
        value from 0 to 1. Raises AlreadyExists when the folder holds more, FailedPrecondition with the remedy when
        something is missing.
        """
        texts = dict(self._texts)
        registry = self._with(value_function, texts, None)
        handle = _aisci.start(list(texts.items()), registry._registry, research_question, os.fspath(output_dir),
                              os.fspath(self._state))
        return Study(handle, registry)

    def resume(self, output_dir: Path, value_function: Optional[Worth] = None, trusted: bool = False) -> Study:
        """Continues the study in a folder with the options it was started with; a value function in Python is given
        again, and a name must be that of the study's own (InvalidArgument if not). `gpu_ids` and `gpu_allocation` of this
        Scientist count: a machine may have lost a GPU ("auto" takes all that there are).

        Where somebody else began the study, what it says of sandbox, isolation, plugins, llm_base_url, literature and
        literature_store must be what this Scientist has, unless it is the default or `trusted` is True; FailedPrecondition
        names what is not."""
        registry = self._with(value_function, {}, output_dir)
        return Study(_aisci.resume(list(self._texts.items()), registry._registry, os.fspath(output_dir),
                                   os.fspath(self._state), trusted), registry)

    def run(self, research_question: str, output_dir: Path, value_function: Optional[Worth] = None,
            on_event: Optional[Callable[[Event], object]] = None) -> StudyResult:
        """start() and wait() in one. Ctrl-C ends the study gracefully and raises KeyboardInterrupt."""
        with self.start(research_question, output_dir, value_function) as study:
            if on_event is not None:
                study.on_event(on_event)
            return study.wait()

    def _with(self, given: Optional[Worth], texts: dict[str, str], folder: Optional[Path]) -> Registry:
        worth = self._worth if given is None else given
        if worth is None:
            return self._registry
        if isinstance(worth, str):
            if folder is not None:
                _check_name(folder, worth)
            texts["value_function"] = worth
            return self._registry
        name = _name_of(worth) if folder is None else _name_in(folder) or "python"
        texts["value_function"] = name
        return _beside(self._registry, name, worth)


def _name_of(worth: Worth) -> str:
    name = getattr(worth, "__name__", type(worth).__name__)
    return "python." + (re.sub(r"\W+", "_", name).strip("_") or "function")


def _name_in(folder: Path) -> Optional[str]:
    """The value function that a study was started with; None where there is no study, of which the library speaks."""
    file = pathlib.Path(folder) / "config.toml"
    try:
        toml = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return _aisci.read_options(toml, str(file))["value_function"]


def _check_name(folder: Path, given: str) -> None:
    """A study keeps its value function: another name would do nothing, so it is refused."""
    name = _name_in(folder)
    if name is not None and given != name:
        raise InvalidArgument(f"value_function is {given!r}, but the study in {os.fspath(folder)} was started with {name!r}; "
                              "leave value_function out, or give the object if that one is written in Python. Another "
                              "value function needs a study in another folder")


def _beside(registry: Optional[Registry], name: str, worth: Worth) -> Registry:
    assert not isinstance(worth, str)
    made = registry.copy() if registry is not None else Registry()
    made.register(name, worth if isinstance(worth, ValueFunction) else FunctionOfNode(worth))
    return made


AIScientist = Scientist


def option_table() -> list[OptionInfo]:
    """Every option, in the order of include/aisci/options.hpp."""
    return [OptionInfo(*row) for row in _aisci.option_table()]


def load_options(config_file: Optional[Path] = None, **options: Any) -> dict[str, str]:
    """Options as the command line reads them: these, then AISCI_* variables, ./aisci.toml, the user's config, defaults.

    Scientist(**load_options()) uses them; by itself a Scientist reads no file and no environment.
    """
    flags = {name: _text(name, value) for name, value in options.items()}
    return _aisci.load_options(flags, os.fspath(config_file) if config_file is not None else "")


def describe_study(folder: Path) -> dict[str, Any]:
    """What a study did so far: {schema, study, state, nodes, claims, cost}. Also while it runs elsewhere."""
    told: dict[str, Any] = json.loads(_aisci.describe_study(os.fspath(folder)))
    return told


def _given_again(folder: Path, value_function: Optional[Worth], registry: Optional[Registry]) -> Registry:
    if isinstance(value_function, str):
        _check_name(folder, value_function)
        value_function = None  # the folder names it
    if value_function is None:
        return registry if registry is not None else Registry()
    return _beside(registry, _name_in(folder) or "python", value_function)


def verify_study(folder: Path, plugins: str = "", value_function: Optional[Worth] = None,
                 registry: Optional[Registry] = None) -> VerifyReport:
    """Recomputes a finished study from its raw files. What it was made with in Python is given again; a name of another
    value function than the study's is InvalidArgument."""
    again = _given_again(folder, value_function, registry)
    problems, checks = _aisci.verify_study(os.fspath(folder), plugins, again._registry)
    return VerifyReport([Problem(*problem) for problem in problems], checks)


def explain_number(folder: Path, number: str, plugins: str = "", value_function: Optional[Worth] = None,
                   registry: Optional[Registry] = None) -> dict[str, Any]:
    """The trials and files behind a number of a finished study's paper: "84.3%". `value_function` as in verify_study."""
    again = _given_again(folder, value_function, registry)
    told: dict[str, Any] = json.loads(_aisci.explain_number(os.fspath(folder), number, plugins, again._registry))
    return told
