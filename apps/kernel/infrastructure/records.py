"""Rows of tables as plain records, for the register of personal data."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from apps.kernel.application.personal_data import Json
from apps.kernel.domain.money import RUB, Money

PAGE = 100
"""Rows that are in memory at once."""


def in_pages[T: Model](rows: QuerySet[T, T], *order: str, size: int = PAGE) -> Iterator[T]:
    """The rows in ascending ``order``, page after page, each with the same number of statements.

    ``order`` are columns that are never NULL and together tell every two rows apart. A page begins beyond the
    last row of the one before, so the last page costs as much as the first.
    """
    beyond = Q()
    while True:
        page = list(rows.filter(beyond).order_by(*order)[:size])
        yield from page
        if len(page) < size:
            return
        beyond = _beyond(page[-1], order)


def instant(value: datetime | None) -> str | None:
    """ISO 8601 with its offset."""
    return None if value is None else value.isoformat()


def money(minor: int, currency: str = RUB) -> Json:
    """The amount as the API tells it."""
    return {"amount": str(Money(minor, currency).amount), "currency": currency}


def codes(name: str, choices: Iterable[tuple[Any, object]]) -> dict[str, object]:
    """The words of a field's codes, for ``PersonalData.words``."""
    return {f"{name}={code}": text for code, text in choices}


def _beyond(row: Model, order: tuple[str, ...]) -> Q:
    beyond, equal = Q(), Q()
    for name in order:
        value = getattr(row, name)
        beyond |= equal & Q(**{f"{name}__gt": value})
        equal &= Q(**{name: value})
    return beyond
