"""What a request's body may hold: each check gives the value back or says which parameter is wrong."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.yookassa.errors import invalid

Body = dict[str, Any]

_AMOUNT = re.compile(r"\d{1,10}\.\d{2}")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]{2,}")
_PHONE = re.compile(r"\+?\d{8,15}")


def fields(body: Any, name: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Body:
    """An object with these fields and no others. An empty list or null counts as absent: SDKs send them."""
    if not isinstance(body, dict):
        raise invalid(name, f"{name or 'Request body'} must be an object")
    given = {key: value for key, value in body.items() if value is not None and value != []}
    known = {*required, *optional}
    for key in given:
        if key not in known:
            raise invalid(_path(name, key), "Unknown parameter")
    for key in required:
        if key not in given:
            raise invalid(_path(name, key), "Required parameter is missing")
    return given


def text(value: Any, name: str, *, longest: int, shortest: int = 1) -> str:
    if not isinstance(value, str):
        raise invalid(name, "Value must be a string")
    if not shortest <= len(value) <= longest:
        raise invalid(name, f"Length must be from {shortest} to {longest} characters")
    return value


def flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(name, "Value must be true or false")
    return value


def whole(value: Any, name: str, *, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise invalid(name, f"Value must be a whole number from {lowest} to {highest}")
    return value


def one_of(value: Any, name: str, allowed: Iterable[str]) -> str:
    if value not in allowed or not isinstance(value, str):
        raise invalid(name, "Value is not one of the allowed: " + ", ".join(sorted(allowed)))
    return value


def amount(value: Any, name: str, *, zero: bool = False) -> Decimal:
    """Roubles with two decimals, given as text."""
    given = fields(value, name, required=("value", "currency"))
    if given["currency"] != "RUB":
        raise invalid(f"{name}.currency", "Currency is not supported by the shop: RUB only")
    number = given["value"]
    if not isinstance(number, str) or not _AMOUNT.fullmatch(number):
        raise invalid(f"{name}.value", "Value must be a string with two decimals, like 100.00")
    if Decimal(number) == 0 and not zero:
        raise invalid(f"{name}.value", "Amount must be above zero")
    return Decimal(number)


def quantity(value: Any, name: str) -> Decimal:
    """The number of a receipt's item: text or number, up to three decimals or more, above zero."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid(name, "Value must be a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise invalid(name, "Value must be a number") from None
    if not number.is_finite() or not 0 < number < 100_000:
        raise invalid(name, "Value must be above zero and below 100000")
    return number


def email(value: Any, name: str) -> str:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        raise invalid(name, "Value must be an e-mail address")
    return value


def phone(value: Any, name: str) -> str:
    if not isinstance(value, str) or not _PHONE.fullmatch(value):
        raise invalid(name, "Value must be a phone number in the format of ITU-T E.164")
    return value


def url(value: Any, name: str, *, longest: int = 2048) -> str:
    address = text(value, name, longest=longest)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in address):
        raise invalid(name, "Value must be an absolute URL")
    return address


def metadata(value: Any, name: str = "metadata") -> Body:
    if not isinstance(value, dict):
        raise invalid(name, "Value must be an object")
    if len(value) > 16:
        raise invalid(name, "At most 16 keys are allowed")
    for key, content in value.items():
        if not 1 <= len(key) <= 32:
            raise invalid(name, "A key must have from 1 to 32 characters")
        text(content, f"{name}.{key}", longest=512, shortest=0)
    return value


def _path(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name


def rub(value: Decimal) -> dict[str, str]:
    return {"value": f"{value:.2f}", "currency": "RUB"}
