"""Serializer fields of the API's own types."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.money import RUB, Money

_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_NOT_IANA = frozenset({"Factory", "localtime", "posixrules"})


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "amount": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$"},
            "currency": {"type": "string", "enum": [RUB]},
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
        "example": {"amount": "4500.00", "currency": RUB},
    }
)
class MoneyField(serializers.Field):
    """``{"amount": "4500.00", "currency": "RUB"}`` to and from Money; the amount is text, never a float."""

    default_error_messages = {
        "invalid_money": _('Send an object with the amount as text ("4500.00") and the currency RUB.'),
    }

    def to_representation(self, value: Money) -> dict[str, str]:
        return {"amount": str(value.amount), "currency": value.currency}

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"} or data["currency"] != RUB:
            self.fail("invalid_money")
        amount = data["amount"]
        if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
            self.fail("invalid_money")
        try:
            return Money.from_decimal(Decimal(amount), RUB)
        except DomainError:
            self.fail("invalid_money")


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-12-01T10:00:00+03:00"})
class InstantField(serializers.Field):
    """An instant in ISO 8601 with an offset, to and from an aware datetime in UTC.

    An instant without an offset is refused (``naive_datetime``), and one that is in no calendar or not
    between the years 2000 and 2100 (``impossible_instant``).
    """

    default_error_messages = {
        "invalid_instant": _("Send an instant like 2026-12-01T10:00:00+03:00."),
        "naive_datetime": _("The instant needs its offset from UTC: 2026-12-01T10:00:00+03:00."),
        "impossible_instant": _("There is no such instant, or it is too far away."),
    }

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()

    def to_internal_value(self, data: Any) -> datetime:
        match = _INSTANT.fullmatch(data) if isinstance(data, str) else None
        if match is None:
            self.fail("invalid_instant")
        if match[4] is None:
            self.fail("naive_datetime")
        try:
            instant = datetime.fromisoformat(data.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("impossible_instant")
        if not _EARLIEST <= instant < _LATEST:
            self.fail("impossible_instant")
        return instant


@extend_schema_field({"type": "string", "format": "date", "example": "2026-12-01"})
class DayField(serializers.Field):
    """A date ``YYYY-MM-DD`` between the years 2000 and 2099 (``impossible_date`` otherwise)."""

    default_error_messages = {
        "invalid_date": _("Send a date like 2026-12-01."),
        "impossible_date": _("There is no such date, or it is too far away."),
    }

    def to_representation(self, value: date) -> str:
        return value.isoformat()

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid_date")
        try:
            day = date.fromisoformat(data)
        except ValueError:
            self.fail("impossible_date")
        if not _EARLIEST.year <= day.year < _LATEST.year:
            self.fail("impossible_date")
        return day


class TextField(serializers.CharField):
    """Text; a number is refused, not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TokenField(TextField):
    """Text that matches ``pattern`` as a whole, spaces around it included."""

    default_error_messages = {"invalid_format": _("This has not the expected form.")}

    def __init__(self, pattern: str, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)
        self.validators.append(
            RegexValidator(
                rf"\A{pattern}\Z", message=self.error_messages["invalid_format"], code="invalid_format"
            )
        )


@extend_schema_field({"type": "string", "maxLength": 64, "example": "Europe/Moscow"})
class TimeZoneField(serializers.Field):
    """The name of a zone of the IANA database, in its own spelling."""

    default_error_messages = {
        "unknown_time_zone": _("This time zone is not known. Send a name like Europe/Moscow."),
    }

    def to_representation(self, value: Any) -> str:
        return str(value)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in known_time_zones():
            self.fail("unknown_time_zone")
        return data


def choice(of: type[StrEnum], **options: Any) -> serializers.ChoiceField:
    """A field of the values of ``of``; the schema names it as settings say (ENUM_NAME_OVERRIDES)."""
    return serializers.ChoiceField(choices=[(each.value, each.name) for each in of], **options)


@cache
def known_time_zones() -> frozenset[str]:
    """The names of the IANA database on this machine."""
    return frozenset(available_timezones() - _NOT_IANA)
