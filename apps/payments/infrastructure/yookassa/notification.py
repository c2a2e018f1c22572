"""What a notification of the provider says: a hint which object to read again, nothing more."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.payments.infrastructure.yookassa.reading import is_provider_id

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
    """

    event: str
    object_id: str
    kind: NotificationKind

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
    if is_provider_id(object_id):
        return Notification(event, str(object_id), kind)
    if kind is NotificationKind.OTHER:
        return Notification(event, "", kind)
    raise NotificationInvalid(reason="wrong_shape")


def _kind(event: str) -> NotificationKind:
    subject = event.partition(".")[0]
    return NotificationKind(subject) if subject in ("payment", "refund") else NotificationKind.OTHER
