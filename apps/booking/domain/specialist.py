"""The one who receives clients, and how long they wait for answers and payments."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Specialist:
    """``hold`` is how long a slot is kept for payment, ``accepted_hold`` the same after a request was
    accepted, ``offer`` for somebody on the waitlist, ``answer_within`` how long a request may wait before it
    is declined by itself."""

    id: UUID
    time_zone: str
    hold: timedelta
    accepted_hold: timedelta
    offer: timedelta
    answer_within: timedelta
    meeting_link: str
