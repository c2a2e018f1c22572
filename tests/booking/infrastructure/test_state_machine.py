"""Whatever clients, the specialist and the worker do in whatever order, no invariant of booking breaks.

Hypothesis invents the runs, PostgreSQL keeps the rows, a simple model says what each command must do.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.booking.application.ports import GivenConsents
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.events import SlotFreed
from apps.booking.domain.lifecycle import ALLOWED, AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.booking.facade import _taken
from apps.booking.infrastructure import models
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.money import Money
from tests.booking.factories import consented_client, make_hours, make_service, make_specialist, make_staff
from tests.booking.infrastructure.booking_model import LIVE, Expected, Offer
from tests.booking.infrastructure.practice_on_a_clock import PracticeOnAClock
from tests.counts import property_settings

MOSCOW_NOON = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFERS = [
    Offer("paid", 450_001),
    Offer("free", 0, minutes=20, before=10, after=0),
    Offer("deposit", 300_000, deposit=100_000, minutes=90),
    Offer("asks", 450_000, asks=True, before=15),
    Offer("asks-free", 0, asks=True, minutes=30),
]
STATUS_AFTER = {
    "AppointmentRequested": "requested",
    "AppointmentHeld": "pending_payment",
    "HoldExtended": "pending_payment",
    "AppointmentConfirmed": "confirmed",
    "AppointmentRescheduled": "confirmed",
    "AppointmentDeclined": "declined",
    "AppointmentExpired": "expired",
    "AppointmentCanceled": "canceled",
    "AppointmentCompleted": "completed",
    "ClientDidNotShow": "no_show",
}
# Few starts, so that they meet: two days, half hours from 10:00 to 13:30, some of them off the grid.
PLACES = st.tuples(st.integers(0, 1), st.integers(0, 7), st.sampled_from([0, 0, 0, 0, 0, 7]))
PASSING = [MINUTE, 10 * MINUTE, 20 * MINUTE, 20 * MINUTE, 4 * HOUR, 12 * HOUR, DAY, 25 * HOUR]


class LifeOfAPractice(RuleBasedStateMachine):
    """Two specialists with the same services, one client, one owner, a worker that runs now and then."""

    ours = Bundle("ours")

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.practice = PracticeOnAClock(MOSCOW_NOON)
        client, owner = consented_client(), make_staff()
        self.client = Actor(user_id=client.id, role="client")
        self.owner = Actor(user_id=owner.id, role="owner")
        self.specialists = [make_specialist(), make_specialist()]
        for number, specialist in enumerate(self.specialists):
            make_hours(specialist, end="20:00")
            for offer in OFFERS:
                make_service(
                    specialist,
                    slug=f"{offer.slug}-{number}",
                    price_minor=offer.price,
                    deposit_minor=offer.deposit,
                    requires_confirmation=offer.asks,
                    duration_minutes=offer.minutes,
                    buffer_before_minutes=offer.before,
                    buffer_after_minutes=offer.after,
                    min_notice_hours=1,
                    cancel_free_hours=24,
                    cancel_partial_hours=12,
                    reschedule_min_hours=12,
                    max_reschedules=2,
                )
        self.expected: dict[UUID, Expected] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.close()

    @property
    def now(self) -> datetime:
        return self.practice.clock.now()

    def start_at(self, place: tuple[int, int, int]) -> datetime:
        """Days are counted from today, so that there is always something ahead."""
        day, half_hour, minutes = place
        morning = self.now.replace(hour=7, minute=0) + day * DAY
        return morning + half_hour * 30 * MINUTE + minutes * MINUTE

    def offered(self, slug: str, start: datetime) -> bool:
        day = start.date()
        found = self.practice.find_slots(
            service_slug=slug, first=day, last=day, time_zone="Europe/Moscow", meeting_format=None
        )
        return int(start.timestamp()) in found.starts

    def in_the_way(self, specialist: UUID, start: datetime, offer: Offer) -> list[Expected]:
        return [
            each
            for each in self.expected.values()
            if each.specialist == specialist and each.status in LIVE and each.overlaps(start, offer)
        ]

    def in_the_way_of(self, expected: Expected) -> list[Expected]:
        return self.in_the_way(expected.specialist, expected.start, expected.offer)

    def told(self, refusal: str | None, command: Callable[..., Any], **values: Any) -> None:
        """Carry a command out, and compare its answer with the one expected."""
        _, error = self.tried(command, **values)
        assert (error.code if error else None) == refusal

    def tried(self, command: Callable[..., Any], **values: Any) -> tuple[Any, DomainError | None]:
        """What a command answered, or what refused it."""
        try:
            return command(**values), None
        except DomainError as error:
            return None, error

    # --- what happens ---

    @rule(passing=st.sampled_from(PASSING))
    def time_passes(self, passing: timedelta) -> None:
        self.practice.clock.pass_(passing)

    @rule()
    def the_worker_runs(self) -> None:
        late = [each for each in self.expected.values() if each.late(self.now)]
        assert self.practice.release_overdue() == len(late)
        for each in late:
            each.release()

    @rule(target=ours, number=st.integers(0, 1), offer=st.sampled_from(OFFERS), place=PLACES)
    def a_client_books(self, number: int, offer: Offer, place: tuple[int, int, int]) -> Any:
        return self.book(number, offer, self.start_at(place))

    @rule(target=ours, old=ours)
    def a_client_books_the_time_of_another(self, old: UUID) -> Any:
        theirs = self.expected[old]
        number = [specialist.id for specialist in self.specialists].index(theirs.specialist)
        return self.book(number, theirs.offer, theirs.start)

    def book(self, number: int, offer: Offer, start: datetime) -> Any:
        specialist, slug = self.specialists[number].id, f"{offer.slug}-{number}"
        way = self.in_the_way(specialist, start, offer)
        taken = any(each.takes_time(self.now) for each in way)
        offered = self.offered(slug, start)
        assert not (offered and taken)
        view, error = self.tried(
            self.practice.book_appointment,
            actor=self.client,
            client_id=self.client.user_id,
            service_slug=slug,
            start=start,
            meeting_format=MeetingFormat.ONLINE,
            time_zone="Asia/Omsk",
            given=GivenConsents(documents=[], evidence={}),
            origin=Origin(),
        )
        assert offered is (error is None)
        if error:
            assert isinstance(error, SlotUnavailable) or (taken and isinstance(error, SlotTaken))
            return multiple()
        for each in way:
            each.release()
        self.expected[view.id] = Expected.booked(view.id, offer, specialist, start, self.now)
        return view.id

    @rule(id_=ours)
    def a_client_asks_for_more_time(self, id_: UUID) -> None:
        refusal = self.expected[id_].extend(self.now)
        self.told(refusal, self.practice.extend_hold, appointment_id=id_, actor=self.client)

    @rule(id_=ours, share=st.sampled_from(["least", "rest", "price", "one", "too little", "too much"]))
    def money_comes(self, id_: UUID, share: str) -> None:
        expected = self.expected[id_]
        price, least = expected.offer.price, expected.offer.least
        amount = {
            "least": least,
            "rest": price - expected.paid,
            "price": price,
            "one": 1,
            "too little": least - 1,
            "too much": price - expected.paid + 1,
        }[share]
        self.told(
            expected.pay(amount, self.now),
            self.practice.record_outside_payment,
            appointment_id=id_,
            actor=self.owner,
            amount=Money(amount),
            method=PaymentMethod.CASH,
        )

    @rule(id_=ours, share=st.sampled_from(["least", "rest", "too much", "nothing"]), sure=st.booleans())
    def money_comes_through_the_provider(self, id_: UUID, share: str, sure: bool) -> None:
        """In time or late; ``sure``: it was asked first whether the money would be taken."""
        expected = self.expected[id_]
        rest = expected.offer.price - expected.paid
        amount = {"least": expected.offer.least, "rest": rest, "too much": rest + 1, "nothing": 0}[share]
        way = [
            each for each in self.in_the_way_of(expected) if each.id != id_ and expected.status == "expired"
        ]
        free = not any(each.takes_time(self.now) for each in way)
        values = {"appointment_id": id_, "amount": Money(amount)}
        receive = self.practice.receive_payment
        asked = _taken(partial(receive.ensure_would_be_taken, at=self.now, **values)) if sure else None
        taken = _taken(partial(receive, payment_id=uuid4(), at=self.now, **values))
        answer = expected.receive(amount, free=free, now=self.now)
        assert (taken.reason or taken.late) == answer
        assert asked in (None, taken)
        if answer is True:
            for each in way:
                each.release()

    @rule(id_=ours, yes=st.booleans())
    def the_specialist_answers(self, id_: UUID, yes: bool) -> None:
        expected = self.expected[id_]
        if yes:
            self.told(
                expected.accept(self.now), self.practice.accept_request, appointment_id=id_, actor=self.owner
            )
        else:
            self.told(expected.decline(), self.practice.decline_request, appointment_id=id_, actor=self.owner)

    @rule(id_=ours, place=PLACES, by=st.sampled_from(CanceledBy))
    def it_is_moved(self, id_: UUID, place: tuple[int, int, int], by: CanceledBy) -> None:
        expected, start = self.expected[id_], self.start_at(place)
        by_client = by is CanceledBy.CLIENT
        refusal = expected.may_move(start, by_client, self.now)
        others = [
            each for each in self.in_the_way(expected.specialist, start, expected.offer) if each.id != id_
        ]
        values = {
            "appointment_id": id_,
            "actor": self.client if by_client else self.owner,
            "by": by,
            "start": start,
        }
        if refusal:
            self.told(refusal, self.practice.reschedule_appointment, **values)
            return
        taken = any(each.takes_time(self.now) for each in others)
        _, error = self.tried(self.practice.reschedule_appointment, **values)
        if isinstance(error, SlotUnavailable):
            assert error.reason in {"past", "too_soon", "off_grid"}
            return
        assert isinstance(error, SlotTaken) is taken
        if error is None:
            for each in others:
                each.release()
            expected.move(start, by_client)

    @rule(id_=ours, by=st.sampled_from(CanceledBy))
    def it_is_canceled(self, id_: UUID, by: CanceledBy) -> None:
        expected = self.expected[id_]
        by_client = by is CanceledBy.CLIENT
        actor = self.client if by_client else self.owner
        promised, paid = expected.refund_now(by_client, self.now), expected.paid
        refusal = expected.cancel(by_client, self.now)
        values = {"appointment_id": id_, "actor": actor, "by": by}
        if refusal is None:
            shown = self.practice.preview_cancellation(**values)
            assert (shown.refund.minor, shown.kept.minor) == (promised, paid - promised)
        self.told(refusal, self.practice.cancel_appointment, reason=ReasonCategory.OTHER, **values)

    @rule(id_=ours, outcome=st.sampled_from(Outcome))
    def its_outcome_is_recorded(self, id_: UUID, outcome: Outcome) -> None:
        self.told(
            self.expected[id_].close(outcome.value, self.now),
            self.practice.record_outcome,
            appointment_id=id_,
            actor=self.owner,
            outcome=outcome,
            reason=ReasonCategory.NONE,
            notes="Заметка",
        )

    @precondition(lambda self: any(each.status == "confirmed" for each in self.expected.values()))
    @rule(id_=consumes(ours), outcome=st.sampled_from([Outcome.ATTENDED, Outcome.NO_SHOW]))
    def its_time_comes(self, id_: UUID, outcome: Outcome) -> None:
        expected = self.expected[id_]
        self.practice.clock.instant = max(self.now, expected.start + 50 * MINUTE)
        self.its_outcome_is_recorded(id_, outcome)

    # --- what always holds ---

    @invariant()
    def every_row_is_as_expected(self) -> None:
        rows = models.Appointment.objects.values_list(
            "id", "status", "start", "paid_minor", "refund_minor", "reschedule_count", "hold_extended"
        )
        assert {row[0]: row[1:] for row in rows} == {
            each.id: (each.status, each.start, each.paid, each.refund, each.client_moves, each.extended)
            for each in self.expected.values()
        }

    @invariant()
    def no_two_active_ones_overlap_buffers_included(self) -> None:
        active = models.Appointment.objects.filter(status__in=LIVE).values_list(
            "specialist_id", "start", "end", "buffer_before_minutes", "buffer_after_minutes"
        )
        blocked = [
            (specialist, start - before * MINUTE, end + after * MINUTE)
            for specialist, start, end, before, after in active
        ]
        for one, other in combinations(blocked, 2):
            assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]

    @invariant()
    def money_is_balanced(self) -> None:
        for paid, refund, terms in models.Appointment.objects.values_list(
            "paid_minor", "refund_minor", "terms"
        ):
            assert 0 <= refund <= paid <= terms["price_minor"]

    @invariant()
    def the_timeline_tells_the_very_path_and_only_allowed_ways(self) -> None:
        told: dict[UUID, list[str]] = {id_: [] for id_ in self.expected}
        for id_, event in models.TimelineEntry.objects.order_by("id").values_list("appointment_id", "event"):
            told[id_].append(event)
        for each in self.expected.values():
            assert told[each.id] == each.events
            path = [STATUS_AFTER[event] for event in each.events if event in STATUS_AFTER]
            assert path[-1] == each.status
            for old, new in pairwise(path):
                assert old == new or AppointmentStatus(new) in ALLOWED[AppointmentStatus(old)]

    @invariant()
    def outcomes_are_kept_once_and_moves_each(self) -> None:
        kept = list(models.OutcomeRecord.objects.values_list("appointment_id", "outcome"))
        for each in self.expected.values():
            mine = [outcome for id_, outcome in kept if id_ == each.id]
            assert mine.count("rescheduled") == each.moves
            assert len(mine) - each.moves == (each.status in {"completed", "no_show", "canceled"})

    @invariant()
    def every_freed_time_was_told_once(self) -> None:
        freed = [event for event in self.practice.bus.rows if isinstance(event, SlotFreed)]
        assert len(freed) == sum(each.freed for each in self.expected.values())


@pytest.mark.django_db
def test_no_run_breaks_an_invariant() -> None:
    run_state_machine_as_test(
        LifeOfAPractice,
        settings=settings(property_settings(bounded=40, full=2_000), stateful_step_count=25),
    )
