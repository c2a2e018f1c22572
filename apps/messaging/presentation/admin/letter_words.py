"""One letter as the lists and panels of the workspace show it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from apps.kernel.presentation.admin.wording import instant_text
from apps.messaging.domain.message import MessageStatus, Result
from apps.messaging.infrastructure.labels import result_text
from apps.messaging.infrastructure.models import Message

_S = MessageStatus
TONES = {
    _S.PLANNED: "requested",
    _S.SENDING: "requested",
    _S.SENT: "confirmed",
    _S.FAILED: "no_show",
    _S.SKIPPED: "expired",
    _S.UNKNOWN: "pending_payment",
}
ICONS = {
    _S.PLANNED: "schedule_send",
    _S.SENDING: "outgoing_mail",
    _S.SENT: "mark_email_read",
    _S.FAILED: "error",
    _S.SKIPPED: "unsubscribe",
    _S.UNKNOWN: "help",
}
LABELS = {
    _S.PLANNED.value: "info",
    _S.SENDING.value: "info",
    _S.SENT.value: "success",
    _S.FAILED.value: "danger",
    _S.SKIPPED.value: "",
    _S.UNKNOWN.value: "warning",
}


def status_now(row: Message, now: datetime) -> tuple[MessageStatus, str]:
    """The status and its reason; what was planned and whose time has passed counts as over."""
    status = MessageStatus(row.status)
    if status is _S.PLANNED and row.useful_until <= now:
        return (_S.FAILED if row.attempts else _S.SKIPPED), Result.TOO_LATE.value
    return status, row.result


def status_name(status: MessageStatus) -> str:
    return str(dict(Message._meta.get_field("status").flatchoices)[status.value])


def moment(row: Message) -> datetime:
    """When it was sent, else when it is due."""
    return row.sent_at or row.sending_at or row.due_at


def line(row: Message, *, zone: str, now: datetime) -> dict[str, Any]:
    """A letter as a panel shows it."""
    status, result = status_now(row, now)
    return {
        "title": str(row),
        "url": reverse("admin:messaging_message_change", args=[row.pk]),
        "when": instant_text(moment(row), zone, now=now),
        "status": TONES[status],
        "name": status_name(status),
        "icon": ICONS[status],
        "result": result_text(result),
        "tries": gettext("tries: %(count)s") % {"count": row.attempts} if row.attempts > 1 else "",
    }
