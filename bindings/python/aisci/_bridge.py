"""Between the compiled half, which speaks JSON, and components in Python, which speak objects. Called from there."""

from __future__ import annotations

import asyncio
import json
import traceback
from typing import Any, Optional, Sequence

from . import components as c
from .errors import Cancelled, Error, InvalidArgument, ResourceExhausted, Unimplemented


def _object(text: str, what: str) -> c.Document:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InvalidArgument(f"{what} is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise InvalidArgument(f"{what} is no JSON object")
    return document


def _text(document: Any, what: str) -> str:
    if not isinstance(document, dict):
        raise InvalidArgument(f"{what} must be a dict, not {type(document).__name__}")
    try:
        return json.dumps(document, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(f"{what} is no JSON: {error}") from None


def _texts(documents: Any, what: str) -> list[str]:
    return [_text(document, what) for document in documents]


def status_of(error: BaseException) -> tuple[int, str]:
    if isinstance(error, Error):
        return error.code, str(error) or f"the component did not say why ({type(error).__name__})"
    code = 2
    for kind, known in ((MemoryError, ResourceExhausted), (NotImplementedError, Unimplemented),
                        (KeyboardInterrupt, Cancelled), (asyncio.CancelledError, Cancelled)):
        if isinstance(error, kind):
            code = known.code
    message = "".join(traceback.format_exception_only(type(error), error)).strip()
    frames = traceback.extract_tb(error.__traceback__)
    return code, message + (f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else "")


def set_up(component: c.Component, config: str, host: c.Host) -> None:
    component.set_up(_object(config, "the configuration"), host)


def evaluate(component: c.ValueFunction, nodes: Sequence[c.NodeView],
             call: c.Call) -> list[tuple[float, Optional[float], int]]:
    rows: list[tuple[float, Optional[float], int]] = []
    for score in component.evaluate(nodes, call):
        if isinstance(score, Error):
            rows.append((0.0, None, score.code))
        elif isinstance(score, c.Score):
            rows.append((float(score.value), None if score.stddev is None else float(score.stddev), 0))
        else:
            rows.append((float(score), None, 0))
    return rows


def agent_tasks(component: c.Agent, call: c.Call) -> list[str]:
    return [str(task) for task in component.tasks(call)]


def agent_act(component: c.Agent, task: str, document: str, call: c.Call) -> str:
    return _text(component.act(task, _object(document, "the input"), call), f"the output of {task}")


def complete(component: c.LLMProvider, request: str, deltas: c.Sink, call: c.Call) -> str:
    return _text(component.complete(_object(request, "the request"), deltas, call), "the response")


def embed(component: c.LLMProvider, texts: Sequence[str], call: c.Call) -> list[list[float]]:
    return [[float(number) for number in vector] for vector in component.embed(texts, call)]


def count_tokens(component: c.LLMProvider, text: str, call: c.Call) -> int:
    return int(component.count_tokens(text, call))


def models(component: c.LLMProvider, call: c.Call) -> list[str]:
    return _texts(component.models(call), "a model")


def search(component: c.Retriever, query: str, k: int, call: c.Call) -> list[str]:
    return _texts(component.search(query, k, call), "a record")


def fetch(component: c.Retriever, identity: str, call: c.Call) -> str:
    return _text(component.fetch(identity, call), "the record")


def render(component: c.Writer, paper: str, artefacts: str, call: c.Call) -> list[str]:
    return _texts(component.render(_object(paper, "the paper"), _object(artefacts, "the artefacts"), call), "a file")


def check(component: c.Writer, paper: str, call: c.Call) -> str:
    return _text(component.check(_object(paper, "the paper"), call), "what check() found")


def open_session(component: c.Sandbox, limits: str, call: c.Call) -> c.SandboxSession:
    return component.open(_object(limits, "the limits"), call)


def attach(component: c.Sandbox, run_id: str, call: c.Call) -> c.SandboxSession:
    return component.attach(run_id, call)


def leftovers(component: c.Sandbox, call: c.Call) -> list[str]:
    return _texts(component.leftovers(call), "a left-over run")


def session_put(session: c.SandboxSession, path: str, source: c.Source, call: c.Call) -> None:
    session.put(path, source, call)


def session_get(session: c.SandboxSession, path: str, sink: c.Sink, call: c.Call) -> None:
    session.get(path, sink, call)


def session_start(session: c.SandboxSession, spec: str, run_id: str, call: c.Call) -> str:
    return str(session.start(_object(spec, "the specification"), run_id, call))


def session_wait(session: c.SandboxSession, token: str, output: c.Sink, errors: c.Sink, events: c.Sink,
                 call: c.Call) -> c.Exit:
    return session.wait(token, output, errors, events, call)


def session_kill(session: c.SandboxSession, token: str, grace_seconds: float, call: c.Call) -> None:
    session.kill(token, grace_seconds, call)


def session_close(session: c.SandboxSession) -> None:
    session.close()
