"""aisci: a research study by itself, from a question to a paper that a reader can check.

    import aisci

    result = aisci.AIScientist(max_experiments=8).run(
        research_question="How does the choice of activation function affect Vision Transformers on small datasets?",
        output_dir="my-study")
    print(result.paper.pdf)

and the search engine by itself: aisci.mcts. docs/guide/python.md is the manual.
"""

from __future__ import annotations

from . import mcts
from ._aisci import version as __version__
from .errors import (Aborted, AlreadyExists, Cancelled, DataLoss, DeadlineExceeded, Error, FailedPrecondition, Internal,
                     InvalidArgument, NotFound, OutOfRange, PermissionDenied, ResourceExhausted, Unauthenticated,
                     Unavailable, Unimplemented, Unknown)

__all__ = [
    "Aborted", "AlreadyExists", "Cancelled", "DataLoss", "DeadlineExceeded", "Error", "FailedPrecondition", "Internal",
    "InvalidArgument", "NotFound", "OutOfRange", "PermissionDenied", "ResourceExhausted", "Unauthenticated",
    "Unavailable", "Unimplemented", "Unknown", "__version__", "mcts",
]
