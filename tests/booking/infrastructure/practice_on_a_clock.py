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
        queue = {"unit_of_work": wiring.unit_of_work, "clock": self.clock}
        release_offer = replace(wiring.leave_waitlist.release, events=self.bus)
        make = replace(wiring.offer_by_hand.make, events=self.bus)
        self.join_waitlist = replace(wiring.join_waitlist, **told)
        self.leave_waitlist = replace(wiring.leave_waitlist, release=release_offer, **queue)
        self.move_waitlist_request = replace(wiring.move_waitlist_request, release=release_offer, **queue)
        self.notice_opening = wiring.notice_opening
        self.offer_freed_slot = replace(wiring.offer_freed_slot, claim=claim, make=make, **queue)
        self.offer_by_hand = replace(wiring.offer_by_hand, claim=claim, make=make, **queue)
        self.withdraw_offer = replace(wiring.withdraw_offer, release=release_offer, **queue)
        self.settle_offer = replace(
            wiring.settle_offer, release=release_offer, offer_freed_slot=self.offer_freed_slot, **queue
        )
        self.accept_offer = replace(wiring.accept_offer, **told)
        self.decline_offer = replace(wiring.decline_offer, **told)
        self.receive_payment = replace(wiring.receive_payment, claim=claim, events=self.bus)
