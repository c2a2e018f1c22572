"""Values of the domain as JSON, for errors that carry data."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from apps.kernel.domain.money import Money

NOT_JSON: Final = object()
"""Stands for a value that has no form in JSON."""


def json_value(value: object) -> Any:
    """The value as JSON: Money as amount and currency, instants in ISO 8601, periods of time in seconds,
    dataclasses as objects. NOT_JSON when it has no such form."""
    if isinstance(value, Enum):
        return json_value(value.value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return _object({str(name): each for name, each in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [each for each in map(json_value, value) if each is not NOT_JSON]
    if is_dataclass(value) and not isinstance(value, type):
        return _object({field.name: getattr(value, field.name) for field in fields(value)})
    return NOT_JSON


def _object(values: Mapping[str, object]) -> dict[str, Any]:
    plain = {name: json_value(each) for name, each in values.items()}
    return {name: each for name, each in plain.items() if each is not NOT_JSON}
