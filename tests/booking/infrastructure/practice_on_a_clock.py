"""Booking's use cases as they are wired for production, on PostgreSQL, but for the clock and the bus."""

from dataclasses import replace
from datetime import datetime

from apps.booking import wiring
from tests.booking.fakes import MovableClock, RecordingBus


class PracticeOnAClock:
    """Time passes only when ``clock`` is moved; ``bus`` keeps what was published."""

    def __init__(self, now: datetime) -> None:
        self.clock = MovableClock(now)
        self.bus = RecordingBus()
        release = replace(wiring._release, events=self.bus)
        claim = replace(wiring._claim, release=release)
        told = {"clock": self.clock, "events": self.bus}
        self.find_slots = replace(wiring.find_slots, clock=self.clock)
        self.book_appointment = replace(wiring.book_appointment, claim=claim, **told)
        self.accept_request = replace(wiring.accept_request, **told)
        self.decline_request = replace(wiring.decline_request, **told)
        self.extend_hold = replace(wiring.extend_hold, **told)
        self.record_outside_payment = replace(wiring.record_outside_payment, **told)
        self.reschedule_appointment = replace(wiring.reschedule_appointment, claim=claim, **told)
        self.preview_cancellation = replace(wiring.preview_cancellation, clock=self.clock)
        self.cancel_appointment = replace(wiring.cancel_appointment, **told)
        self.record_outcome = replace(wiring.record_outcome, **told)
        self.release_overdue = replace(wiring.release_overdue, release=release, clock=self.clock)
