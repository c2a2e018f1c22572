"""The provider's JSON as the port's objects; what lacks something needed raises UnexpectedAnswer."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderPayment, ProviderReceipt, ProviderRefund, ProviderStatus

# The name of our id among the metadata of a payment.
REFERENCE = "payment_id"
_CODE = re.compile(r"[a-z0-9_]{1,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_VALUE = re.compile(r"\d{1,13}(\.\d{1,2})?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class UnexpectedAnswer(ValueError):
    """The provider answered with something else than its contract says."""


def is_provider_id(value: object) -> bool:
    """Whether this can be an id of the provider; nothing else is put into a path."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def read_payment(answer: object) -> ProviderPayment:
    body = _object(answer)
    amount = _money(body.get("amount"))
    refunded = body.get("refunded_amount")
    return ProviderPayment(
        id=_id(body.get("id")),
        status=_status(body.get("status")),
        amount=amount,
        refunded=Money.zero(amount.currency) if refunded is None else _money(refunded),
        shop_id=_account(body),
        reference=_reference(_part(body, "metadata").get(REFERENCE)),
        confirmation_url=_url(_part(body, "confirmation").get("confirmation_url")),
        method=_code(_part(body, "payment_method").get("type")),
        reason=_code(_part(body, "cancellation_details").get("reason")),
        receipt=_receipt_status(body.get("receipt_registration")),
        created_at=_instant(body.get("created_at")),
    )


def read_refund(answer: object) -> ProviderRefund:
    body = _object(answer)
    return ProviderRefund(
        id=_id(body.get("id")),
        payment_id=_id(body.get("payment_id")),
        status=_status(body.get("status")),
        amount=_money(body.get("amount")),
        reason=_code(_part(body, "cancellation_details").get("reason")),
        created_at=_instant(body.get("created_at")),
    )


def read_receipt(answer: object) -> ProviderReceipt:
    body = _object(answer)
    return ProviderReceipt(id=_id(body.get("id")), status=_status(body.get("status")))


def read_page(answer: object) -> tuple[list[object], str]:
    """The objects of one page of a listing and the cursor of the next one, "" on the last."""
    body = _object(answer)
    items, cursor = body.get("items"), body.get("next_cursor")
    if not isinstance(items, list) or not (cursor is None or isinstance(cursor, str)):
        raise UnexpectedAnswer("a page without items")
    return items, cursor or ""


def _object(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise UnexpectedAnswer("not an object")
    return answer


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _id(value: object) -> str:
    if not is_provider_id(value):
        raise UnexpectedAnswer("id")
    return str(value)


def _status(value: object) -> ProviderStatus:
    try:
        return ProviderStatus(value)  # type: ignore[arg-type]  # whatever it is, other values are refused
    except ValueError:
        raise UnexpectedAnswer("status") from None


def _receipt_status(value: object) -> ProviderStatus | None:
    return ProviderStatus(value) if isinstance(value, str) and value in list(ProviderStatus) else None


def _money(value: object) -> Money:
    if not isinstance(value, dict):
        raise UnexpectedAnswer("amount")
    amount, currency = value.get("value"), value.get("currency")
    if not (isinstance(amount, str) and _VALUE.fullmatch(amount)):
        raise UnexpectedAnswer("amount")
    if not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise UnexpectedAnswer("currency")
    return Money.from_decimal(amount, currency)


def _account(body: dict[str, Any]) -> str:
    account = _part(body, "recipient").get("account_id")
    return str(account) if isinstance(account, str | int) else ""


def _reference(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _url(value: object) -> str:
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""


def _code(value: object) -> str:
    """A code of the provider; "" where it tells none, ``unknown`` where that is no code."""
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else "unknown"


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UnexpectedAnswer("created_at")
    return instant
