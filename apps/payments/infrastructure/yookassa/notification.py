"""What a notification of the provider says: a hint which object to read again, nothing more."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.payments.infrastructure.yookassa.reading import is_provider_id

_CLAIM = re.compile(r"[A-Za-z0-9 ._-]{1,64}")
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_LONGEST_EVENT = 64
_LARGEST = 256 * 1024


class NotificationKind(StrEnum):
    """What the notification is about. OTHER is everything that we do not act upon."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True)
class Notification:
    """``event`` as the provider names it (``payment.succeeded``), ``object_id`` the payment's or refund's id.

    Events of other things (``payment_method.active``, ``deal.closed``, those yet to come) are OTHER: they are
    to be answered with success and forgotten; their ``object_id`` is "" where they have none.

    ``claims`` is what it says of ``amount`` ("4500.00 RUB") and ``shop``, where it says so: never believed,
    and kept only to notice a lie ("?" is something that no honest notification says).
    """

    event: str
    object_id: str
    kind: NotificationKind
    claims: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def ignorable(self) -> bool:
        return self.kind is NotificationKind.OTHER


class NotificationInvalid(DomainError):
    """The body is no notification of the provider. ``params["reason"]`` is ``too_large``, ``malformed`` (no
    JSON in UTF-8, nested too deep) or ``wrong_shape``."""

    code = "invalid_notification"
    message = gettext_noop("This is no notification of the payment provider.")


def parse_notification(body: bytes) -> Notification:
    """Read the body of a webhook. Raises NotificationInvalid and nothing else."""
    if len(body) > _LARGEST:
        raise NotificationInvalid(reason="too_large")
    try:
        content = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotificationInvalid(reason="malformed") from None
    if not isinstance(content, dict) or content.get("type") != "notification":
        raise NotificationInvalid(reason="wrong_shape")
    event, thing = content.get("event"), content.get("object")
    if not isinstance(event, str) or len(event) > _LONGEST_EVENT or not _EVENT.fullmatch(event):
        raise NotificationInvalid(reason="wrong_shape")
    kind = _kind(event)
    object_id = thing.get("id") if isinstance(thing, dict) else None
    if isinstance(thing, dict) and is_provider_id(object_id):
        return Notification(event, str(object_id), kind, _claims(thing))
    if kind is NotificationKind.OTHER:
        return Notification(event, "", kind)
    raise NotificationInvalid(reason="wrong_shape")


def _claims(thing: dict[str, object]) -> dict[str, str]:
    claims = {}
    if "amount" in thing:
        claims["amount"] = _amount(thing["amount"])
    recipient = thing.get("recipient")
    if isinstance(recipient, dict) and "account_id" in recipient:
        claims["shop"] = _plain(recipient["account_id"])
    return claims


def _amount(given: object) -> str:
    if not isinstance(given, dict):
        return "?"
    value, currency = given.get("value"), given.get("currency")
    if not (isinstance(value, str) and isinstance(currency, str) and len(value) < 32):
        return "?"
    try:
        return _plain(f"{Decimal(value):.2f} {currency}")
    except InvalidOperation:
        return "?"


def _plain(given: object) -> str:
    return given if isinstance(given, str) and _CLAIM.fullmatch(given) else "?"


def _kind(event: str) -> NotificationKind:
    subject = event.partition(".")[0]
    return NotificationKind(subject) if subject in ("payment", "refund") else NotificationKind.OTHER
