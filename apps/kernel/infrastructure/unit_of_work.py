"""Units of work over Django transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_enclosed: ContextVar[bool] = ContextVar("enclosed", default=False)


class DjangoUnitOfWork:
    """``with unit_of_work():`` is one database transaction (a savepoint inside another one)."""

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with transaction.atomic(savepoint=not _enclosed.get()):
            yield


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
