"""The search engine: it is asked what to evaluate next, and told what came of it.

    search = aisci.mcts.Search(policy="adaptive", budget=50, seed=1)
    while lease := search.ask():
        if lease.kind == "draft":
            state = draft()
        elif lease.kind == "replicate":
            state = lease.state                       # the same once more
        else:                                         # "improve", or "debug" of one that failed
            state = improve(lease.parent_state)
        search.tell(lease, state=state, value=evaluate(state))
    best = search.best()                              # .state .mean .stddev .visits .optimism

Several leases may be out at once, in threads or tasks (`await search.ask_async()`), and are told in any order. Use them
there as context managers: a lease whose block raises, or ends without tell(), is given back, where a lost one would be
waited for by all others.

    while lease := search.ask():
        with lease:
            search.tell(lease, value=evaluate(lease))

To repeat a parallel search, ask and tell in the same order. What the options mean is in include/aisci/mcts/search.hpp
and docs/guide/search.md; their names are the same here.

Threads: everything from any thread. A state is any Python object; the search keeps it and never looks into it.
"""

from __future__ import annotations

import asyncio
import difflib
import functools
import hashlib
import json
import math
import os
import threading
from typing import Any, Callable, Generic, Iterable, Optional, Sequence, TypeVar, Union

from . import _aisci
from ._aisci import Lease, Node, Stop, policy_names, stop_at_value, stop_when_all, stop_when_sure, stop_without_gain
from .errors import DataLoss, InvalidArgument

__all__ = ["Search", "Lease", "Node", "Stop", "policy_names", "stop_at_value", "stop_when_all", "stop_when_sure",
           "stop_without_gain"]

_MAGIC = b"aisci-search/1\n"
_REPLICATE = 2  # mcts::Kind::kReplicate, as it is in the saved leases
S = TypeVar("S")


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    known = [*_aisci.search_options(), "stops"]
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(known)}"
            raise InvalidArgument(f'unknown option "{name}" of a search{hint}')
    return options


def _from_json(data: bytes) -> Any:
    return json.loads(data)


def _to_json(state: Any) -> bytes:
    data = json.dumps(state, allow_nan=False).encode()
    if _from_json(data) != state:
        raise ValueError("JSON would give it back changed, as tuples become lists and keys strings")
    return data


def _encoded(node: int, state: S, encode: Callable[[S], bytes]) -> bytes:
    try:
        data = encode(state)
        if not isinstance(data, bytes):
            raise TypeError(f"encode() gave {type(data).__name__} in place of bytes")
    except Exception as error:
        raise InvalidArgument(
            f"the state of node {node} cannot be saved: {error}. Give save() an `encode` that makes bytes of every "
            "state, and load() the `decode` that reads them, such as pickle.dumps and pickle.loads") from error
    return data


_LONGEST = 1e6  # seconds that a loop is asked to wait at a time; none of its clocks fails at that


def _only_thread() -> bool:
    return all(thread.ident == threading.get_ident() for thread in threading.enumerate())


def _only_task() -> bool:
    return _only_thread() and len(asyncio.all_tasks()) == 1


def _wake(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[None]") -> None:
    def resolve() -> None:
        if not future.done():
            future.set_result(None)

    try:
        loop.call_soon_threadsafe(resolve)
    except RuntimeError:  # the loop is closed, and nobody waits there
        pass


class Search(_aisci.Search[S], Generic[S]):
    """A tree of things that were tried, and the rule that says what to try next.

    Options beside policy, budget and seed: iterations, drafts, depth, width, exploration, pruning, expand, observations,
    noise, debug, debug_depth, cost, backup ("mean", "max", "quantile"), quantile, and stops, a list of Stop.
    Raises InvalidArgument for an unknown option (naming the nearest), policy or value.
    """

    def __init__(self, policy: str = "adaptive", budget: int = 50, seed: int = 0, **options: Any) -> None:
        given = _checked({"policy": policy, "budget": budget, "seed": seed, **options})
        stops = list(given.pop("stops", ()))
        super().__init__(given, stops)

    async def ask_async(self, timeout: Optional[float] = None) -> Optional[Lease[S]]:
        """ask() for coroutines: waits for others to tell without holding up the loop.

        `timeout`: seconds after which it returns None; with one, also inf, it never raises FailedPrecondition. Without, it
        raises that where it would wait and no other thread or task is there. Callbacks of the loop (call_later,
        transports, subprocess protocols) may tell too, but are not seen: ask with a timeout where these do.
        """
        loop = asyncio.get_running_loop()
        if timeout is not None and not timeout >= 0:
            raise InvalidArgument("the timeout of ask_async() must be a number of seconds of at least 0; None waits without limit")
        patient, end = timeout is not None, loop.time() + (math.inf if timeout is None else timeout)
        while True:
            seen = self._changes
            lease = self.ask(wait=False)
            if lease is None and not (patient or self.ended_by or self._waited_for) and _only_task():
                lease = self._ask_alone()
            left = end - loop.time()
            if lease is not None or self.ended_by or left <= 0:
                return lease
            future: asyncio.Future[None] = loop.create_future()
            callback = functools.partial(_wake, loop, future)
            self._when_changed(callback, seen)
            try:
                await asyncio.wait({future}, timeout=min(left, _LONGEST))
            finally:
                self._not_waiting(callback)

    async def batch_async(self, n: int) -> list[Lease[S]]:
        """batch(), which never waits, as a coroutine."""
        return self.batch(n)

    async def tell_async(self, lease: Lease[S], state: Any = ..., value: Optional[float] = None, **more: Any) -> bool:
        """tell(), which takes microseconds, as a coroutine."""
        return self.tell(lease, state, value, **more)

    async def abandon_async(self, lease: Lease[S]) -> bool:
        return self.abandon(lease)

    async def choose_async(self, lease: Lease[S], features: Sequence[Sequence[float]]) -> int:
        """choose() in a thread, since it may compute for milliseconds."""
        return await asyncio.to_thread(self.choose, lease, features)

    async def best_async(self) -> Optional[Node[S]]:
        """best() in a thread, since it may compute for milliseconds."""
        return await asyncio.to_thread(self.best)

    def save(self, path: Union[str, "os.PathLike[str]"], encode: Callable[[S], bytes] = _to_json) -> None:
        """Writes the search into one file, whole or not at all. `encode` makes bytes of a state; as it is, JSON.

        A cache that the same version reads on the same kind of machine; leases that are out are saved as such. Other
        threads may ask and tell meanwhile: the file has the search of one moment.
        Raises InvalidArgument, which names the node, for a state that `encode` does not make bytes of; JSON refuses what
        it would give back changed, such as tuples and keys that are no strings.
        """
        snapshot, nodes, leases = self._snapshot()  # states may be told since; those of later nodes are left out
        later = {node for _, kind, node, *_ in leases if kind != _REPLICATE}
        states = [(node, _encoded(node, state, encode)) for node, state in sorted(dict(self._states).items())
                  if node < nodes and node not in later]
        head = {"leases": leases, "states": [[node, len(data)] for node, data in states], "snapshot": len(snapshot)}
        rest = json.dumps(head).encode() + b"\n" + snapshot + b"".join(data for _, data in states)
        partial = f"{os.fspath(path)}.{os.getpid()}-{threading.get_ident()}.partial"
        with open(partial, "wb") as file:
            file.write(_MAGIC + hashlib.sha256(rest).digest() + rest)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"], decode: Callable[[bytes], S] = _from_json,
             stops: Iterable[Stop] = ()) -> "Search[S]":
        """What save() wrote. Stops are code and are given anew; leases() has the leases that were out.

        Raises DataLoss for a file that is damaged or of another kind.
        """
        with open(path, "rb") as file:
            data = file.read()
        digest, rest = data[len(_MAGIC):len(_MAGIC) + 32], data[len(_MAGIC) + 32:]
        if not data.startswith(_MAGIC):
            raise DataLoss(f"{os.fspath(path)} is not a saved search, or of another version")
        if hashlib.sha256(rest).digest() != digest:
            raise DataLoss(f"{os.fspath(path)} is damaged or truncated")
        line, _, rest = rest.partition(b"\n")
        head = json.loads(line)
        at, states = head["snapshot"], {}
        for node, size in head["states"]:
            states[node] = decode(rest[at:at + size])
            at += size
        self = cls.__new__(cls)
        _aisci.Search.__init__(self, rest[:head["snapshot"]], states, [tuple(fields) for fields in head["leases"]],
                               list(stops))
        return self
