"""One exception for each status code of the library, all below Error.

    try:
        aisci.AIScientist(polcy="ucb1")
    except aisci.InvalidArgument as error:
        print(error)              # unknown option "polcy"; did you mean policy?

The codes are the canonical ones of gRPC; include/aisci/status.hpp says what each means. A component in Python that
raises one of these fails with its code; anything else that it raises becomes UNKNOWN with the exception's text.
"""

from __future__ import annotations

from typing import ClassVar


class Error(Exception):
    """A failure that the library reports. `code` is its number, `name` what gRPC calls it."""

    code: ClassVar[int] = 2
    name: ClassVar[str] = "UNKNOWN"


class Cancelled(Error):
    """The caller asked for it to stop."""

    code, name = 1, "CANCELLED"


class Unknown(Error):
    """A foreign error that fits nowhere else."""


class InvalidArgument(Error, ValueError):
    """The input is wrong, whatever the state of the system."""

    code, name = 3, "INVALID_ARGUMENT"


class DeadlineExceeded(Error):
    """The time limit passed."""

    code, name = 4, "DEADLINE_EXCEEDED"


class NotFound(Error, LookupError):
    """What was named does not exist."""

    code, name = 5, "NOT_FOUND"


class AlreadyExists(Error):
    """What was to be made is there already."""

    code, name = 6, "ALREADY_EXISTS"


class PermissionDenied(Error):
    """The operating system or a policy said no."""

    code, name = 7, "PERMISSION_DENIED"


class ResourceExhausted(Error):
    """A budget, a quota, memory or disk is used up."""

    code, name = 8, "RESOURCE_EXHAUSTED"


class FailedPrecondition(Error):
    """The system is not in a state that allows it; the message says what to do."""

    code, name = 9, "FAILED_PRECONDITION"


class Aborted(Error):
    """A conflict: trying again may succeed."""

    code, name = 10, "ABORTED"


class OutOfRange(Error):
    """Past a valid end."""

    code, name = 11, "OUT_OF_RANGE"


class Unimplemented(Error, NotImplementedError):
    """This build or component does not offer it."""

    code, name = 12, "UNIMPLEMENTED"


class Internal(Error):
    """An invariant broke: a defect."""

    code, name = 13, "INTERNAL"


class Unavailable(Error):
    """Not now: trying again later may succeed."""

    code, name = 14, "UNAVAILABLE"


class DataLoss(Error):
    """Something stored is damaged or missing."""

    code, name = 15, "DATA_LOSS"


class Unauthenticated(Error):
    """No valid credential."""

    code, name = 16, "UNAUTHENTICATED"


CLASSES: dict[int, type[Error]] = {each.code: each for each in Error.__subclasses__()}


def from_code(code: int, message: str) -> Error:
    """The exception of a status."""
    return CLASSES.get(code, Unknown)(message)
