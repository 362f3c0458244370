"""Types of the compiled half."""

import os
from pathlib import Path
from typing import Any, Callable, Generic, Mapping, Optional, Sequence, TypeVar, Union

import numpy
import numpy.typing

S = TypeVar("S")
_Text = tuple[str, str]
_Path = Union[str, "os.PathLike[str]"]

version: str

# The search.

class Stop:
    """A reason to end a search; `name` is what ended_by then says."""
    @property
    def name(self) -> str: ...

def stop_at_value(value: float) -> Stop:
    """The best node's posterior mean reaches it."""

def stop_without_gain(tells: int) -> Stop:
    """The highest score has not risen for so many tells: "patience"."""

def stop_when_sure(chance: float) -> Stop:
    """The best node is better than the next with that probability."""

def stop_when_all(stops: list[Stop]) -> Stop: ...
def policy_names() -> list[str]: ...
def search_options() -> list[str]: ...

class Lease(Generic[S]):
    """The right to work on one node."""
    @property
    def id(self) -> int:
        """Counts from 1 in the order of asking."""
    @property
    def kind(self) -> str:
        """"draft", "improve", "debug" (a new attempt at a node that failed) or "replicate"."""
    @property
    def node(self) -> int: ...
    @property
    def parent(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def seed(self) -> int:
        """Of this lease's own random numbers: what is drawn from it repeats with the search."""
    @property
    def parent_state(self) -> S:
        """What to improve or to repair; None for a draft."""
    @property
    def state(self) -> S:
        """What to run once more, for a replicate; None otherwise."""
    def __enter__(self) -> "Lease[S]": ...
    def __exit__(self, *raised: object) -> None:
        """abandon(), unless the lease was told: a block that raises gives it back."""

class Node(Generic[S]):
    """A node that was evaluated, with what is believed of it."""
    @property
    def id(self) -> int: ...
    @property
    def parent(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def visits(self) -> int:
        """Its own observations."""
    @property
    def mean(self) -> float:
        """Posterior."""
    @property
    def stddev(self) -> float:
        """Posterior."""
    @property
    def optimism(self) -> Optional[float]:
        """By how much the mean is expected to be too high because this node was chosen; of best() alone."""
    @property
    def state(self) -> S: ...

class Search(Generic[S]):
    def __init__(self, *arguments: Any) -> None: ...
    def ask(self, wait: bool = True, timeout: Optional[float] = None) -> Optional[Lease[S]]:
        """The next lease; None when the search is over.

        Waits, letting other threads run, where the next lease depends on what is pending: at the tree's limits, and with
        the default policy before every budget ends, as `adaptive` after its first drafts has about half as many
        evaluations out as are left to be asked for, and two at last. wait=False does not wait, and `timeout` bounds it,
        in seconds (0: not at all; math.inf, or what is too long for the clock: no limit); None comes then too, and
        ended_by is "".
        Raises FailedPrecondition where it would wait for ever, as the caller's is the only thread of Python, from the
        start or once the others have ended. While other threads are there it waits, also where none of them has to do
        with the search, until something is told or Ctrl-C. Who works on several leases in one thread takes them with
        batch(). With a timeout it never raises: others are said to tell.
        """
    def batch(self, n: int) -> list[Lease[S]]:
        """Up to n leases, as many as are to be had now; never waits.

        Empty when the search is over, which ended_by then says, or when something pending must be told first.
        """
    def tell(self, lease: Lease[S], state: Any = ..., value: Optional[float] = None, variance: Optional[float] = None,
             failed: bool = False, cost: Optional[float] = None,
             features: Union[Sequence[float], numpy.typing.NDArray[numpy.float64], None] = None,
             replace: bool = False) -> bool:
        """What came of a lease. False, and no effect, when it was settled before.

        value: higher is better, on any scale up to 1e100; not finite counts as failed. state: of the new node; a replicate keeps the
        one it has unless another is given. variance: of the value, when known. cost: in whatever unit; 1 unless given.
        features: of the node, the same number for all. replace: of a replicate, the value takes the mean's place.
        Raises InvalidArgument for a lease of another search, without value and failed, for a value that is no number and
        for numbers that are out of bounds; the lease is then still out.
        """
    def abandon(self, lease: Lease[S]) -> bool:
        """Gives a lease back: its node is closed, and its evaluation is not counted."""
    def choose(self, lease: Lease[S],
               features: Union[Sequence[Sequence[float]], numpy.typing.NDArray[numpy.float64]]) -> int:
        """Which of several proposals for a lease's node to run: one row of features each."""
    def stop(self) -> None:
        """Ends the search: nothing more is asked for, and who waits gets None. What is out can be told."""
    def close(self, node: int) -> None:
        """No child will be asked for below this node any more."""
    def best(self) -> Optional[Node[S]]:
        """The node to publish: the highest posterior mean. None when nothing succeeded."""
    def top(self, k: int) -> list[Node[S]]:
        """The k best nodes, best first."""
    def state(self, node: int) -> S:
        """Raises NotFound for a node without one."""
    def tree(self) -> dict[str, numpy.typing.NDArray[Any]]:
        """Copied columns, a row for each node, 0 being the root: node, parent, depth, children, visits and in_flight
        (with all below), own (observations), failed, open, value (backed up), mean (of own observations), cost, and
        belief_mean, belief_sd: what the model of `adaptive` makes of all that was told, whatever the policy."""
    def leases(self) -> list[Lease[S]]:
        """Those that are out."""
    @property
    def ended_by(self) -> str:
        """"budget", "iterations", "cost", "exhausted", "stopped" or a Stop's name once asking ended; "" before."""
    @property
    def over(self) -> bool:
        """Nothing is pending, and nothing more will be asked for."""
    @property
    def pending(self) -> int:
        """Leases that are out."""
    @property
    def evaluations_left(self) -> int: ...
    @property
    def noise(self) -> float:
        """Estimated standard deviation of one observation."""
    @property
    def policy(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def budget(self) -> int: ...
    def __len__(self) -> int:
        """Nodes, without the root."""
    def __bool__(self) -> bool:
        """True, also while it has no nodes."""
    def _ask_alone(self) -> Optional[Lease[S]]: ...
    def _snapshot(self) -> tuple[bytes, int, list[tuple[int, int, int, int, int, int]]]: ...
    @property
    def _states(self) -> dict[int, S]: ...
    def _when_changed(self, callback: Callable[[], object], seen: int) -> None: ...
    def _not_waiting(self, callback: Callable[[], object]) -> None: ...
    @property
    def _changes(self) -> int: ...
    @property
    def _waited_for(self) -> bool: ...

# What calls to components give.

class Call:
    """The limits of one call, and the way back for progress and reports. Valid during the call."""
    def is_cancelled(self) -> bool:
        """Asked to end, or out of time: raise Cancelled within two seconds."""
    def time_left(self) -> Optional[float]:
        """Seconds; None when there is no limit."""
    def progress(self, done: float, note: str = "") -> None: ...
    def report(self, key: str, value: Any) -> None:
        """A fact that counts even if the call fails: "usage", "score"."""

class Sink:
    """Takes output; false when nobody wants it. Raises when no more is taken."""
    def __call__(self, data: Union[bytes, str]) -> None: ...
    def __bool__(self) -> bool: ...

class Source:
    def read(self, size: int = -1) -> bytes: ...

class NodeView:
    """A node as a value function sees it; valid during the call, but for its numbers."""
    @property
    def id(self) -> int:
        """3 is "n3" in documents; 0 is the root, the question."""
    @property
    def parent(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def visits(self) -> int: ...
    @property
    def metrics(self) -> dict[str, float]: ...
    def text(self, name: str) -> Optional[str]:
        """A document as it is: "hypothesis", "plan", "evidence", "code"; None when there is none."""
    def document(self, name: str) -> Any:
        """The same, read as JSON."""

class Host:
    """What a study offers to a component; valid as long as the study."""
    @property
    def offers_model_tasks(self) -> bool: ...
    def model_task(self, name: str, input: Any, messages: Any, schema: Any, call: Call) -> Any:
        """Asks the configured model: `input` says what, `messages` is the same for a language model; the answer is valid
        under `schema`. Raises what went wrong."""

# Studies.

class StudyHandle:
    def on_event(self, callback: Callable[..., object]) -> None: ...
    def state(self) -> str: ...
    def progress(self) -> float: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def cancel(self) -> None: ...
    def steer(self, finish_search: bool, hypothesis: str) -> None: ...
    def wait(self, seconds: Optional[float]) -> Optional[dict[str, Any]]: ...
    def close(self) -> None: ...

class Registry:
    def __init__(self) -> None: ...
    def register(self, kind: str, id: str, object: object) -> None: ...
    def load_plugin(self, file: _Path, isolation: str) -> None: ...
    def load_folder(self, folder: _Path, isolation: str) -> None: ...
    @staticmethod
    def shipped_folder() -> Path: ...
    def list(self) -> list[dict[str, Any]]: ...

def start(options: Sequence[_Text], registry: Registry, question: str, folder: _Path, state: _Path) -> StudyHandle: ...
def resume(options: Sequence[_Text], registry: Registry, folder: _Path, state: _Path, trusted: bool) -> StudyHandle: ...
def default_state_folder() -> Path: ...
def finish() -> None: ...
def option_texts(options: Sequence[_Text]) -> dict[str, str]: ...
def load_options(flags: Mapping[str, str], file: str) -> dict[str, str]: ...
def read_options(toml: str, name: str) -> dict[str, str]: ...
def option_table() -> list[tuple[str, str, str, str, str]]: ...
def check_object(kind: str, object: object, name: str) -> str: ...
def describe_study(folder: _Path) -> str: ...
def verify_study(folder: _Path, plugins: str, registry: Registry) -> tuple[list[tuple[str, str, str]], list[str]]: ...
def explain_number(folder: _Path, number: str, plugins: str, registry: Registry) -> str: ...
