"""Components in Python: a class for each of the six kinds, a registry, and the conformance suite.

    class Brevity(aisci.ValueFunction):
        def evaluate(self, nodes, call):
            return [1 / (1 + len(node.text("code") or "") / 4000) for node in nodes]

    print(aisci.check_component(Brevity()))       # does it keep the rules of its kind?
    aisci.AIScientist().run(question, "my-study", value_function=Brevity())

Documents come as Python objects and go as such (docs/guide/documents.md says what each holds). A failure is an
exception: one of aisci.Error keeps its code, another becomes UNKNOWN with its text; the call that asked fails with it.
`call`, sinks, sources and nodes are valid during the call that they were given to, a host as long as its study.

Threads: components run in this process, on threads of the library, under the interpreter's lock. One call at a time on
one object, but for a Sandbox, which must expect several at once, and for an LLMProvider or Retriever that sets
`concurrent`. A component that computes for long in Python holds up all others: leave that to NumPy or a subprocess.
"""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any, Callable, ClassVar, Iterable, Mapping, Optional, Sequence, Union

from . import _aisci
from ._aisci import Call, Host, NodeView, Sink, Source
from .errors import Error, InvalidArgument, Unimplemented

__all__ = ["Agent", "Call", "Component", "ComponentInfo", "ConformanceFinding", "ConformanceReport", "Exit", "Host",
           "LLMProvider", "NodeView", "Registry", "Retriever", "Sandbox", "SandboxSession", "Score", "Sink", "Source",
           "ValueFunction", "Writer", "check_component"]

Document = dict[str, Any]
Path = Union[str, "os.PathLike[str]"]


class Component:
    """What the six kinds share. `kind` is set by them."""

    kind: ClassVar[str] = ""

    def set_up(self, config: Document, host: Host) -> None:
        """Called for each study, before anything else, with its configuration and what it offers."""


@dataclasses.dataclass(frozen=True)
class Score:
    """A value from 0 to 1, and how uncertain it is, as far as known."""

    value: float
    stddev: Optional[float] = None


class ValueFunction(Component):
    """What nodes of the search tree are worth. The same nodes must get the same scores: no clock, no unseeded draws."""

    kind = "value_function"

    def set_up(self, config: Document, host: Host) -> None:
        if config.get("weights"):
            raise InvalidArgument(f"{type(self).__name__} takes no value_weights; override set_up() to take them")

    def evaluate(self, nodes: Sequence[NodeView], call: Call) -> Iterable[Union[float, Score, Error]]:
        """A score for each node, in order; an Error instead of one says why that node has none."""
        raise NotImplementedError


class Agent(Component):
    """Does named pieces of research work. Tasks are named ROLE.TASK; an agent replaces the shipped one of its name."""

    kind = "agent"

    def tasks(self, call: Call) -> Iterable[str]:
        """Names of the tasks it can do."""
        raise NotImplementedError

    def act(self, task: str, input: Document, call: Call) -> Document:
        """Does one. Raises Unimplemented for a task that it does not list."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Exit:
    """How a run in a sandbox ended."""

    code: int = 0
    signal: int = 0
    timed_out: bool = False
    out_of_memory: bool = False
    killed: bool = False
    output_cut: bool = False
    lost: bool = False
    wall_seconds: float = 0.0
    user_seconds: float = 0.0
    system_seconds: float = 0.0
    max_rss_bytes: int = 0


class SandboxSession:
    """Holds files and runs programs in them. Several calls at once: kill() while wait() blocks."""

    def put(self, path: str, source: Source, call: Call) -> None:
        """Writes a file; path as the program sees it."""
        raise NotImplementedError

    def get(self, path: str, sink: Sink, call: Call) -> None:
        """Reads one into the sink. Raises NotFound."""
        raise NotImplementedError

    def start(self, spec: Document, run_id: str, call: Call) -> str:
        """Starts a run and returns its token at once."""
        raise NotImplementedError

    def wait(self, token: str, output: Sink, errors: Sink, events: Sink, call: Call) -> Exit:
        """Blocks until the run ended, or call.is_cancelled(): then raises Cancelled and leaves the run alone."""
        raise NotImplementedError

    def kill(self, token: str, grace_seconds: float, call: Call) -> None:
        """Asks the run to end, and ends it and all it started after the grace. Does not wait."""
        raise NotImplementedError

    def close(self) -> None:
        """Frees the session and kills what still runs in it. Called once."""


class Sandbox(Component):
    """Runs programs that nobody has read. aisci/abi/draft/sandbox.h describes limits and specifications."""

    kind = "sandbox"

    def open(self, limits: Document, call: Call) -> SandboxSession:
        raise NotImplementedError

    def attach(self, run_id: str, call: Call) -> SandboxSession:
        """The run that was started as run_id, by this process or one that died. Raises NotFound."""
        raise NotImplementedError

    def leftovers(self, call: Call) -> Iterable[Document]:
        """Runs that no live session holds: {"run_id": .., "state": "running" or "ended"} each."""
        raise NotImplementedError


class LLMProvider(Component):
    """Answers requests to a model; makes one attempt. aisci/abi/draft/llm_provider.h describes the documents."""

    kind = "llm_provider"
    concurrent: bool = False

    def complete(self, request: Document, deltas: Sink, call: Call) -> Document:
        """The response: {"text", "model", "finish", "usage"}. `deltas`, if true, takes {"text": ..} as text arrives."""
        raise NotImplementedError

    def embed(self, texts: Sequence[str], call: Call) -> Iterable[Sequence[float]]:
        """A vector for each text, in order."""
        raise Unimplemented("this provider has no embeddings")

    def count_tokens(self, text: str, call: Call) -> int:
        """Exactly, or an upper estimate; as it is, two bytes a token."""
        return len(text.encode()) // 2 + 1

    def models(self, call: Call) -> Iterable[Document]:
        """{"id": ..} each; the first is the default."""
        raise Unimplemented("this provider does not list its models")


class Retriever(Component):
    """Finds papers; records are documents."""

    kind = "retriever"
    concurrent: bool = False

    def search(self, query: str, k: int, call: Call) -> Iterable[Document]:
        """Up to k records, the best first."""
        raise NotImplementedError

    def fetch(self, id: str, call: Call) -> Document:
        """The record of a key, DOI or arXiv number. Raises NotFound."""
        raise NotImplementedError


class Writer(Component):
    """Turns the paper model into the sources of a document, and says how to build them."""

    kind = "writer"

    def render(self, paper: Document, artefacts: Document, call: Call) -> Iterable[Document]:
        """{"file": .., "text": ..} each, then {"build": ..}. The same paper gives the same."""
        raise NotImplementedError

    def check(self, paper: Document, call: Call) -> Document:
        """What would not come out well: {"problems": [{"place": .., "text": ..}]}."""
        raise NotImplementedError


class FunctionOfNode(ValueFunction):
    """A value function made of a callable: node -> score."""

    def __init__(self, function: Callable[[NodeView], Union[float, Score]]) -> None:
        self.function = function

    def evaluate(self, nodes: Sequence[NodeView], call: Call) -> Iterable[Union[float, Score]]:
        return [self.function(node) for node in nodes]


@dataclasses.dataclass(frozen=True)
class ComponentInfo:
    """A component that a registry knows."""

    kind: str
    id: str
    plugin: str
    version: str
    path: "os.PathLike[str]"
    apart: bool
    loaded: bool
    problem: str


class Registry:
    """The program's own components, and further plugins, for studies: Scientist(...).use(registry).

    Keeps the components alive. A component counts before a shipped one of its kind and name.
    """

    def __init__(self) -> None:
        self._registry = _aisci.Registry()
        self._components: list[tuple[str, Component]] = []
        self._plugins: list[tuple[str, Path, str]] = []

    def register(self, name: str, component: Component) -> None:
        """Raises AlreadyExists when the kind has the name."""
        self._registry.register(_kind_of(component), name, component)
        self._components.append((name, component))

    def load_plugin(self, file: Path, isolation: str = "auto") -> None:
        """Lists one plugin by the path of its shared object."""
        self._registry.load_plugin(os.fspath(file), isolation)
        self._plugins.append(("load_plugin", file, isolation))

    def load_folder(self, folder: Path, isolation: str = "auto") -> None:
        """Lists the plugins of a folder without loading them."""
        self._registry.load_folder(os.fspath(folder), isolation)
        self._plugins.append(("load_folder", folder, isolation))

    def list(self) -> "list[ComponentInfo]":
        return [ComponentInfo(**info) for info in self._registry.list()]

    def copy(self) -> "Registry":
        """The same components and plugins, to which others can be added."""
        made = Registry()
        for name, component in self._components:
            made.register(name, component)
        for load, path, isolation in self._plugins:
            getattr(made, load)(path, isolation)
        return made


@dataclasses.dataclass(frozen=True)
class ConformanceFinding:
    """One rule that was tried: its outcome is "holds", "broken" or "not checked"."""

    outcome: str
    rule: str
    component: str
    done: str
    expected: str
    got: str


@dataclasses.dataclass(frozen=True)
class ConformanceReport:
    """str() of it is for people: broken rules first."""

    passed: bool
    findings: "list[ConformanceFinding]"

    def __str__(self) -> str:
        lines = []
        for outcome in ("broken", "not checked"):
            for each in self.findings:
                if each.outcome == outcome:
                    lines.append(f"{outcome:12} {each.rule}  {each.component}: {each.done}")
                    lines.append(f"{'':12} expected {each.expected}; got {each.got}" if outcome == "broken"
                                 else f"{'':12} because {each.got}")
        counts = {outcome: sum(each.outcome == outcome for each in self.findings)
                  for outcome in ("holds", "broken", "not checked")}
        return "\n".join([*lines, "{holds} hold, {broken} broken, {0} not checked".format(counts.pop("not checked"),
                                                                                          **counts)])


def check_component(component: Component, name: str = "") -> ConformanceReport:
    """Runs the conformance suite of its kind on an object: the same one that plugins are checked with.

    It asks for a handful of small things, also senseless ones; rules are numbered as in docs/abi/README.md.
    """
    report: Mapping[str, Any] = json.loads(
        _aisci.check_object(_kind_of(component), component, name or type(component).__name__))
    return ConformanceReport(report["passed"], [ConformanceFinding(**each) for each in report["findings"]])


def _kind_of(component: object) -> str:
    if isinstance(component, Component) and component.kind:
        return component.kind
    raise InvalidArgument(f"{component!r} is no component: derive its class from ValueFunction, Agent, Sandbox, "
                          "LLMProvider, Retriever or Writer")
