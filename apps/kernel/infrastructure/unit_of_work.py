"""Units of work over Django transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

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
