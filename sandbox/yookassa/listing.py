"""Lists: filters, newest first, page after page by cursor."""

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.clock import read
from sandbox.yookassa.errors import invalid

Body = dict[str, Any]
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}
USUAL_LIMIT, HIGHEST_LIMIT = 10, 100


def listing(
    objects: list[Body], query: Mapping[str, str], *, equal: tuple[str, ...], moments: tuple[str, ...]
) -> Body:
    """``objects`` come oldest first. ``equal`` and ``moments`` name the fields that may be filtered by."""
    conditions = [_condition(name, value, equal, moments) for name, value in query.items()]
    found = [one for one in reversed(objects) if all(holds(one) for holds in conditions)]
    limit = _limit(query.get("limit"))
    if "cursor" in query:
        starts = [position for position, one in enumerate(found) if one["id"] == query["cursor"]]
        if not starts:
            raise invalid("cursor", "Cursor is unknown")
        found = found[starts[0] :]
    page: Body = {"type": "list", "items": found[:limit]}
    if len(found) > limit:
        page["next_cursor"] = found[limit]["id"]
    return page


def _limit(value: str | None) -> int:
    if value is None:
        return USUAL_LIMIT
    if not value.isdecimal() or not 1 <= int(value) <= HIGHEST_LIMIT:
        raise invalid("limit", f"Limit must be from 1 to {HIGHEST_LIMIT}")
    return int(value)


def _condition(
    name: str, value: str, equal: tuple[str, ...], moments: tuple[str, ...]
) -> Callable[[Body], bool]:
    if name in ("limit", "cursor"):
        return lambda one: True
    if name == "payment_method":
        return lambda one: one.get("payment_method", {}).get("type") == value
    if name in equal:
        return lambda one: one.get(name) == value
    field, _, comparison = name.partition(".")
    if field in moments and comparison in _COMPARISONS:
        limit = _moment(name, value)
        return lambda one: field in one and _COMPARISONS[comparison](read(one[field]), limit)
    raise invalid(name, "Unknown parameter")


def _moment(name: str, value: str) -> datetime:
    try:
        return read(value)
    except ValueError:
        raise invalid(name, "Value must be a moment in ISO 8601, with Z or an offset") from None
