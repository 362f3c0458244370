"""What studies tell and leave: events, results, reports. Values."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import Any, Optional

__all__ = ["Cost", "Event", "OptionInfo", "Paper", "Problem", "StudyResult", "Verdict", "VerifyReport"]


@dataclasses.dataclass(frozen=True)
class OptionInfo:
    """One row of the table of names."""

    name: str
    flag: str
    environment: str
    help: str
    default: str


@dataclasses.dataclass(frozen=True)
class Event:
    """What a study tells while it runs; `type` is as in the ledger, or "progress", "log", "metric"."""

    type: str
    key: str
    message: str
    progress: float
    json: str

    @property
    def document(self) -> dict[str, Any]:
        """The event's body; empty for progress."""
        body: dict[str, Any] = json.loads(self.json) if self.json else {}
        return body


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A claim and what its confirmation said; effects in the predicted direction."""

    claim: str
    statement: str
    verdict: str
    effect: float
    lower: float
    upper: float
    unit: str
    blocks: int


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a study used, over all its runs; `usd` is None when a call's price is not known."""

    usd: Optional[float]
    model_calls: int
    model_attempts: int
    input_tokens: int
    output_tokens: int
    trials: int


@dataclasses.dataclass(frozen=True)
class Paper:
    """`pdf` is None when LaTeX is missing; the sources are there all the same."""

    pdf: Optional[pathlib.Path]
    latex: pathlib.Path
    code: pathlib.Path
    summary: pathlib.Path
    experiment_logs: pathlib.Path
    findings: list[str]
    verdicts: list[Verdict]
    reviews: list[str]
    quality: float
    cost: Cost

    @property
    def code_repo(self) -> pathlib.Path:
        """The name that users of other systems look for."""
        return self.code


@dataclasses.dataclass(frozen=True)
class StudyResult:
    """How a study ended. The paper's members can be asked for here too: result.pdf."""

    state: str
    ended_by: str
    degraded: list[str]
    next: list[str]
    head: str
    paper: Paper

    @property
    def pdf(self) -> Optional[pathlib.Path]:
        return self.paper.pdf

    @property
    def latex(self) -> pathlib.Path:
        return self.paper.latex

    @property
    def code(self) -> pathlib.Path:
        return self.paper.code

    @property
    def code_repo(self) -> pathlib.Path:
        return self.paper.code

    @property
    def summary(self) -> pathlib.Path:
        return self.paper.summary

    @property
    def experiment_logs(self) -> pathlib.Path:
        return self.paper.experiment_logs

    @property
    def findings(self) -> list[str]:
        return self.paper.findings

    @property
    def verdicts(self) -> list[Verdict]:
        return self.paper.verdicts

    @property
    def reviews(self) -> list[str]:
        return self.paper.reviews

    @property
    def cost(self) -> Cost:
        return self.paper.cost


def result_of(raw: dict[str, Any]) -> StudyResult:
    paper = dict(raw["paper"])
    paper["verdicts"] = [Verdict(**verdict) for verdict in paper["verdicts"]]
    paper["cost"] = Cost(**paper["cost"])
    paper["pdf"] = paper["pdf"] if paper["pdf"].name else None
    return StudyResult(raw["state"], raw["ended_by"], raw["degraded"], raw["next"], raw["head"], Paper(**paper))


@dataclasses.dataclass(frozen=True)
class Problem:
    """Something that does not hold, by place."""

    place: str
    expected: str
    found: str


@dataclasses.dataclass(frozen=True)
class VerifyReport:
    """No problems: the study holds."""

    problems: list[Problem]
    checks: list[str]
