"""Units of work over Django transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import IntegrityError, connection, transaction

from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.errors import PersonErased

PERSON_NOT_ERASED = "person_not_erased"
"""The constraint that the database names when it refuses a row about somebody who was erased."""

_enclosed: ContextVar[bool] = ContextVar("enclosed", default=False)


class DjangoUnitOfWork:
    """``with unit_of_work():`` is one database transaction (a savepoint inside another one).

    Raises PersonErased where something new is to be kept about a person who has been erased meanwhile.
    """

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            with transaction.atomic(savepoint=not _enclosed.get()):
                yield
        except KeyDestroyed as error:
            raise PersonErased from error
        except IntegrityError as error:
            diagnosis = getattr(error.__cause__, "diag", None)
            if getattr(diagnosis, "constraint_name", None) != PERSON_NOT_ERASED:
                raise
            raise PersonErased from error


@contextmanager
def enclosing_transaction() -> Iterator[None]:
    """A transaction around one call of the API: the units of work inside join it and need no savepoints,
    because any error inside rolls the whole call back."""
    token = _enclosed.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _enclosed.reset(token)


def ensure_no_unit_of_work() -> None:
    """Raise RuntimeError inside a unit of work: for steps whose trace must outlive the error they raise."""
    # Asked as Django's own "durable" does: the transaction around a test does not count.
    ours = [block for block in connection.atomic_blocks if not getattr(block, "_from_testcase", False)]
    if len(ours) > int(_enclosed.get()):
        raise RuntimeError("to be called before the unit of work begins: an error would undo what it leaves")
