"""Why a run of a job failed, in P0: kinds, codes, class names and places, never the text of an exception."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import psycopg
from django.db import InterfaceError, OperationalError

from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.errors import DomainError

_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")
_DATABASE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_OURS = ("apps.", "project.", "tests.")


class FailureKind(StrEnum):
    """The kinds of failure that are tried again at different paces."""

    OUTSIDE = "outside"  # a service outside does not answer
    DATABASE = "database"  # PostgreSQL went away or could not serialise
    KILLED = "killed"  # the worker died at work
    REFUSED = "refused"  # a rule of the domain refused
    DEFECT = "defect"  # anything else: a defect
    UNKNOWN = "unknown"  # it rests as failed, and nobody could write down why


@dataclass(frozen=True, kw_only=True)
class Reason:
    """``code`` is the failure's own, or empty; ``error`` its class; ``place`` the module and line."""

    kind: FailureKind
    code: str = ""
    error: str = ""
    place: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.code, self.error, self.place) if part)


def reason_of(error: Exception) -> Reason:
    """The reason that ``error`` gives, without its text."""
    kind, code = FailureKind.DEFECT, ""
    if isinstance(error, TemporaryFailure):
        kind, code = FailureKind.OUTSIDE, error.code
    elif isinstance(error, DomainError):
        kind, code = FailureKind.REFUSED, error.code
    elif any(isinstance(cause, _DATABASE) for cause in _causes(error)):
        kind = FailureKind.DATABASE
    return Reason(
        kind=kind,
        code=code if _CODE.fullmatch(code) else "",
        error=f"{type(error).__module__}.{type(error).__qualname__}"[-200:],
        place=_place(error)[-200:],
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _place(error: Exception) -> str:
    """The deepest line of our own code that the exception came through."""
    place, step = "", error.__traceback__
    while step is not None:
        module = str(step.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(_OURS) and module != "apps.kernel.infrastructure.jobs":
            place = f"{module}:{step.tb_lineno}"
        step = step.tb_next
    return place
