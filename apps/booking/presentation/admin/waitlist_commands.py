"""Which commands a waitlist request allows: what cannot be done is not offered."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.waitlist import ALLOWED, OPEN, WaitlistStatus
from apps.booking.presentation.admin.appointment_commands import Command


class WaitlistCommand(Command):
    """A command of the waitlist's pages."""

    def url(self, appointment_id: UUID) -> str:
        """Its address for the request with this id."""
        return reverse(f"admin:booking_waitlistrequest_{self.name}", args=[appointment_id])


OFFER = WaitlistCommand(name="offer", title=_("Offer a time…"), icon="event_upcoming", tone="primary")
WITHDRAW = WaitlistCommand(name="withdraw", title=_("Withdraw the offer"), icon="undo", tone="danger")
CONTACTED = WaitlistCommand(name="contacted", title=_("Contacted"), icon="call")
BOOKED = WaitlistCommand(name="booked", title=_("Booked"), icon="event_available")
CLOSE = WaitlistCommand(name="close", title=_("Close"), icon="close", tone="danger")
MOVES: Mapping[str, WaitlistStatus] = {
    CONTACTED.name: WaitlistStatus.CONTACTED,
    BOOKED.name: WaitlistStatus.BOOKED,
    CLOSE.name: WaitlistStatus.CLOSED,
}
ALL = (OFFER, WITHDRAW, CONTACTED, BOOKED, CLOSE)


def possible(status: WaitlistStatus, *, time_is_kept: bool) -> list[WaitlistCommand]:
    """The commands that make sense for a request in this state."""
    if status not in OPEN:
        return []
    moves = [each for each in (CONTACTED, BOOKED, CLOSE) if MOVES[each.name] in ALLOWED[status]]
    return [WITHDRAW if time_is_kept else OFFER, *moves]
