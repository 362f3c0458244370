"""aisci: a research study by itself, from a question to a paper that a reader can check.

    import aisci

    result = aisci.AIScientist(max_experiments=8).run(
        research_question="How does the choice of activation function affect Vision Transformers on small datasets?",
        output_dir="my-study")
    print(result.paper.pdf)

and the search engine by itself: aisci.mcts. docs/guide/python.md is the manual.
"""

from __future__ import annotations

from . import mcts, statistics
from ._aisci import version as __version__
from .components import (Agent, Call, Component, ComponentInfo, ConformanceFinding, ConformanceReport, Exit, Host,
                         LLMProvider, NodeView, Registry, Retriever, Sandbox, SandboxSession, Score, Sink, Source,
                         ValueFunction, Writer, check_component)
from .errors import (Aborted, AlreadyExists, Cancelled, DataLoss, DeadlineExceeded, Error, FailedPrecondition, Internal,
                     InvalidArgument, NotFound, OutOfRange, PermissionDenied, ResourceExhausted, Unauthenticated,
                     Unavailable, Unimplemented, Unknown)
from .results import Cost, Event, OptionInfo, Paper, Problem, StudyResult, Verdict, VerifyReport
from .scientist import (AIScientist, Scientist, Study, describe_study, explain_number, load_options, option_table,
                        verify_study)

__all__ = [
    "AIScientist", "Aborted", "Agent", "AlreadyExists", "Call", "Cancelled", "Component", "ComponentInfo",
    "ConformanceFinding", "ConformanceReport", "Cost", "DataLoss", "DeadlineExceeded", "Error", "Event", "Exit",
    "FailedPrecondition", "Host", "Internal", "InvalidArgument", "LLMProvider", "NodeView", "NotFound", "OptionInfo",
    "OutOfRange", "Paper", "PermissionDenied", "Problem", "Registry", "ResourceExhausted", "Retriever", "Sandbox",
    "SandboxSession", "Scientist", "Score", "Sink", "Source", "Study", "StudyResult", "Unauthenticated", "Unavailable",
    "Unimplemented", "Unknown", "ValueFunction", "Verdict", "VerifyReport", "Writer", "__version__", "check_component",
    "describe_study", "explain_number", "load_options", "mcts", "option_table", "statistics", "verify_study",
]
