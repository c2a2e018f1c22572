"""Which commands make sense in which state: what cannot be done is not offered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.lifecycle import AppointmentStatus

_S = AppointmentStatus


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command of the workspace; ``name`` is its method in the admin."""

    name: str
    title: str | Promise
    icon: str
    tone: str = ""

    def url(self, appointment_id: UUID) -> str:
        return reverse(f"admin:booking_appointment_{self.name}", args=[appointment_id])


ACCEPT = Command(name="accept", title=_("Confirm"), icon="check_circle", tone="primary")
ACCEPT_OFFER = Command(name="accept_offer", title=_("Confirm"), icon="check_circle", tone="primary")
DECLINE = Command(name="decline", title=_("Decline"), icon="do_not_disturb_on", tone="danger")
RECORD_PAYMENT = Command(name="record_payment", title=_("Record a payment"), icon="payments")
RESCHEDULE = Command(name="reschedule", title=_("Move…"), icon="event_repeat")
RECORD_OUTCOME = Command(name="record_outcome", title=_("Outcome"), icon="task_alt", tone="primary")
CANCEL = Command(name="cancel", title=_("Cancel…"), icon="event_busy", tone="danger")
SETTLE_FOLLOW_UP = Command(name="settle_follow_up", title=_("Done…"), icon="task_alt", tone="primary")
ALL = (ACCEPT, ACCEPT_OFFER, DECLINE, RECORD_PAYMENT, RESCHEDULE, RECORD_OUTCOME, CANCEL)


def possible(
    *, status: AppointmentStatus, start: datetime, paid_minor: int, price_minor: int, now: datetime
) -> list[Command]:
    """The commands that the state allows at ``now``; ``status`` is the real one (overdue waits are over)."""
    if status is _S.REQUESTED:
        return [ACCEPT, DECLINE] if start > now else [DECLINE]
    if status is _S.PENDING_PAYMENT:
        # Only an offer of the waitlist keeps a time that costs nothing.
        return [RECORD_PAYMENT if price_minor else ACCEPT_OFFER, CANCEL]
    unpaid = [RECORD_PAYMENT] if paid_minor < price_minor else []
    if status is _S.COMPLETED:
        return unpaid
    if status is not _S.CONFIRMED:
        return []
    return [RESCHEDULE, *unpaid, CANCEL] if start > now else [RECORD_OUTCOME, *unpaid]
