"""Whatever people, the practice and the worker do in whatever order, freed times go round the waitlist.

Hypothesis invents the runs: it joins, books, frees, declines, pays, leaves, lets time pass, and delivers
events late, in another order and twice. PostgreSQL keeps the rows; a small model says to whom a round must
offer a time.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.booking.application.ports import PERSONAL_DATA, GivenConsents
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentExpired,
    SlotFreed,
    WaitlistOffered,
)
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.waitlist import OPEN, PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.domain.waitlist_offer import ENTRY_POINT, OfferStatus
from apps.booking.infrastructure import models
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.events import DomainEvent
from apps.kernel.domain.money import Money
from tests.booking.factories import (
    CONSENT_VERSION,
    consented_client,
    make_hours,
    make_service,
    make_specialist,
    make_staff,
)
from tests.booking.infrastructure.practice_on_a_clock import PracticeOnAClock
from tests.counts import property_settings

MOSCOW_NOON = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
INSTANT, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)
SERVICES = {"paid": 450_000, "free": 0}
# Few places, so that freed times, offers and bookings meet: two evenings and two mornings of working days.
PLACES = [timedelta(days=1), timedelta(days=1, hours=7), timedelta(days=2), timedelta(days=3, hours=7)]
CONSENT = GivenConsents(documents=[(PERSONAL_DATA, CONSENT_VERSION)], evidence={"ip": "192.0.2.1"})
NOTHING = GivenConsents(evidence={})
MOST_DELIVERIES = 500
HELD, ENDED = "pending_payment", {"expired", "canceled", "declined"}


class LifeOfAWaitlist(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.practice = PracticeOnAClock(MOSCOW_NOON)
        self.other, owner = consented_client(), make_staff()
        self.clients = [consented_client() for _ in range(2)]
        self.owner = Actor(user_id=owner.id, role="owner")
        specialist = make_specialist()
        make_hours(specialist, end="22:00")
        for slug, price in SERVICES.items():
            make_service(specialist, slug=slug, price_minor=price, min_notice_hours=1)
        self.heard = 0
        self.undelivered: list[DomainEvent] = []
        self.freed: list[tuple[str, datetime]] = []

    def teardown(self) -> None:
        try:
            self.everything_comes_to_rest()
        finally:
            transaction.set_rollback(True)
            self.undo.close()

    @property
    def now(self) -> datetime:
        return self.practice.clock.now()

    def hear(self) -> None:
        self.undelivered += self.practice.bus.rows[self.heard :]
        self.heard = len(self.practice.bus.rows)

    def tried(self, command: Callable[..., Any], **values: Any) -> Any:
        """What a command answered; None where a rule refuses it, which changes nothing."""
        with suppress(DomainError), transaction.atomic():
            return command(**values)
        return None

    def one_of(self, rows: list[Any], which: int) -> Any:
        return rows[which % len(rows)] if rows else None

    def open_requests(self) -> list[models.WaitlistRequest]:
        rows = models.WaitlistRequest.objects.filter(status__in=sorted(OPEN))
        return list(rows.order_by("created_at", "id").select_related("service"))

    def live_offers(self) -> list[models.WaitlistOffer]:
        """Offers whose hold is still there, overdue ones included."""
        rows = models.WaitlistOffer.objects.filter(appointment__status=HELD)
        return list(rows.order_by("offered_at", "id").select_related("appointment", "waitlist_request"))

    # --- what people do ---

    @rule(
        slug=st.sampled_from(sorted(SERVICES)),
        kind=st.sampled_from(["account", "account", "letter", "letter", "phone", "old consent"]),
        who=st.integers(0, 1),
        window=st.sampled_from([PreferredWindow.ANY, PreferredWindow.ANY, PreferredWindow.WEEKDAY_EVENING]),
    )
    def somebody_joins(self, slug: str, kind: str, who: int, window: PreferredWindow) -> None:
        self.practice.clock.pass_(INSTANT)
        number = models.WaitlistRequest.objects.count()
        view = self.practice.join_waitlist(
            client_id=self.clients[who].id if kind == "account" else None,
            guest_token="",
            service_slug=slug,
            name="Вера",
            preferred_contact=PreferredContact.PHONE if kind == "phone" else PreferredContact.EMAIL,
            contact=f"+7916000{number:04d}" if kind == "phone" else f"guest{number}@example.org",
            window=window,
            time_zone="Europe/Moscow",
            given=CONSENT,
        )
        if kind == "old consent":
            models.WaitlistRequest.objects.filter(id=view.id).update(consent_version="0.9")
        self.hear()

    @rule(slug=st.sampled_from(sorted(SERVICES)), place=st.sampled_from(PLACES))
    def somebody_else_books(self, slug: str, place: timedelta) -> None:
        self.tried(
            self.practice.book_appointment,
            actor=Actor(user_id=self.other.id, role="client"),
            client_id=self.other.id,
            service_slug=slug,
            start=MOSCOW_NOON + place,
            meeting_format=MeetingFormat.ONLINE,
            time_zone="Europe/Moscow",
            given=NOTHING,
            origin=Origin(),
        )
        self.hear()

    @rule(which=st.integers(0, 9))
    def somebody_frees_a_time(self, which: int) -> None:
        rows = models.Appointment.objects.filter(status__in=[HELD, "confirmed"], client=self.other)
        row = self.one_of(list(rows.order_by("created_at", "id")), which)
        if row is not None:
            self.cancel(row)

    @rule(slug=st.sampled_from(sorted(SERVICES)), place=st.sampled_from(PLACES))
    def somebody_books_and_frees_a_time(self, slug: str, place: timedelta) -> None:
        self.somebody_else_books(slug, place)
        row = models.Appointment.objects.filter(
            start=MOSCOW_NOON + place, client=self.other, status__in=[HELD, "confirmed"]
        ).first()
        if row is not None:
            self.cancel(row)

    def cancel(self, row: models.Appointment) -> None:
        self.tried(
            self.practice.cancel_appointment,
            appointment_id=row.id,
            actor=self.owner,
            by=CanceledBy.CLIENT,
            reason=ReasonCategory.OTHER,
        )
        self.hear()

    @rule(which=st.integers(0, 9), how=st.sampled_from(["decline", "cancel", "withdraw"]))
    def an_offer_is_let_go(self, which: int, how: str) -> None:
        offer = self.one_of(self.live_offers(), which)
        if offer is None:
            return
        client = Actor(user_id=offer.appointment.client_id, role="client")
        if how == "decline":
            self.tried(self.practice.decline_offer, appointment_id=offer.appointment_id, actor=client)
        elif how == "cancel":
            self.cancel(offer.appointment)
        else:
            self.tried(self.practice.withdraw_offer, request_id=offer.waitlist_request_id, actor=self.owner)
        self.hear()

    @rule(which=st.integers(0, 9))
    def an_offer_is_taken(self, which: int) -> None:
        """Free ones are accepted, others paid for, also after their hold has ended."""
        rows = models.WaitlistOffer.objects.filter(appointment__status__in=[HELD, "expired"])
        offer = self.one_of(list(rows.order_by("offered_at", "id").select_related("appointment")), which)
        if offer is None:
            return
        kept = offer.appointment
        if kept.terms["price_minor"]:
            self.tried(
                self.practice.receive_payment,
                appointment_id=kept.id,
                payment_id=uuid4(),
                amount=Money(kept.terms["price_minor"]),
                at=self.now,
            )
        else:
            client = Actor(user_id=kept.client_id, role="client")
            self.tried(self.practice.accept_offer, appointment_id=kept.id, actor=client)
        self.hear()

    @rule(which=st.integers(0, 9), how=st.sampled_from(["leaves", "closed", "booked", "contacted"]))
    def a_request_moves_on(self, which: int, how: str) -> None:
        request = self.one_of(self.open_requests(), which)
        if request is None:
            return
        if how == "leaves" and request.client_id is not None:
            self.tried(
                self.practice.leave_waitlist,
                request_id=request.id,
                client_id=request.client_id,
                guest_token="",
            )
        elif how != "leaves":
            self.tried(
                self.practice.move_waitlist_request,
                actor=self.owner,
                request_id=request.id,
                status=WaitlistStatus(how),
            )
        self.hear()

    @rule(which=st.integers(0, 9), place=st.sampled_from(PLACES))
    def the_specialist_offers_by_hand(self, which: int, place: timedelta) -> None:
        request = self.one_of(self.open_requests(), which)
        if request is None:
            return
        self.tried(
            self.practice.offer_by_hand,
            actor=self.owner,
            request_id=request.id,
            start=MOSCOW_NOON + place,
            meeting_format=None,
            keep_for=None,
            email=None,
            phone=None,
            given=NOTHING,
        )
        self.hear()

    @rule(passing=st.sampled_from([MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 25 * HOUR]))
    def time_passes(self, passing: timedelta) -> None:
        self.practice.clock.pass_(passing)

    @rule()
    def the_sweep_runs(self) -> None:
        self.practice.release_overdue()
        self.hear()

    # --- what the worker does ---

    @rule(which=st.integers(0, 30), again=st.booleans())
    def an_event_is_delivered(self, which: int, again: bool) -> None:
        event = self.one_of(self.undelivered, which)
        if event is not None:
            if not again:
                self.undelivered.remove(event)
            self.deliver(event)

    @rule()
    def all_events_are_delivered(self) -> None:
        for _ in range(MOST_DELIVERIES):
            if not self.undelivered:
                return
            self.deliver(self.undelivered.pop(0))
        raise AssertionError("offers go round without an end")

    def deliver(self, event: DomainEvent) -> None:
        if isinstance(event, SlotFreed):
            self.practice.notice_opening(event=event)
            self.a_round(event)
        elif isinstance(event, AppointmentConfirmed):
            self.practice.settle_offer(appointment_id=event.appointment_id, confirmed=True)
        elif isinstance(event, AppointmentCanceled | AppointmentExpired):
            self.practice.settle_offer(appointment_id=event.appointment_id)
        self.hear()

    def a_round(self, event: SlotFreed) -> None:
        expected = self.who_comes_next(event.service_id, event.start)
        before = set(models.WaitlistOffer.objects.values_list("id", flat=True))
        self.practice.offer_freed_slot(service_id=event.service_id, start=event.start)
        made = models.WaitlistOffer.objects.exclude(id__in=before)
        assert list(made.values_list("waitlist_request_id", "start")) == [
            (each, event.start) for each in expected
        ]

    def who_comes_next(self, service_id: UUID, start: datetime) -> list[UUID]:
        """The first who waits for the time, was never offered it and can be reached; nobody if clients could
        not book it."""
        service = models.Service.objects.get(id=service_id)
        found = self.practice.find_slots(
            service_slug=service.slug,
            first=start.date(),
            last=start.date(),
            time_zone="Europe/Moscow",
            meeting_format=None,
        )
        if int(start.timestamp()) not in found.starts:
            return []
        offered = list(
            models.WaitlistOffer.objects.values_list("waitlist_request_id", "start", "appointment__status")
        )
        for request in self.open_requests():
            mine = [(at, status) for id_, at, status in offered if id_ == request.id]
            reached = request.client_id is not None or (
                request.preferred_contact == "email" and request.consent_version == CONSENT_VERSION
            )
            if (
                request.service_id == service_id
                and reached
                and PreferredWindow(request.window).matches(start, request.time_zone)
                and start not in [at for at, _ in mine]
                and not any(status == HELD for _, status in mine)
                and not self.has_got_a_place(request)
            ):
                return [request.id]
        return []

    def has_got_a_place(self, request: models.WaitlistRequest) -> bool:
        """An offer of it is confirmed and still written down as open: the round settles it on its way."""
        return models.WaitlistOffer.objects.filter(
            waitlist_request=request, status=OfferStatus.OFFERED, appointment__status="confirmed"
        ).exists()

    # --- what always holds ---

    @invariant()
    def an_open_offer_holds_its_time_until_a_deadline_before_the_start(self) -> None:
        for offer in self.live_offers():
            assert offer.status == OfferStatus.OFFERED
            assert offer.appointment.hold_expires_at == offer.expires_at
            assert offer.offered_at < offer.expires_at <= min(offer.start, offer.offered_at + 2 * HOUR)
            assert offer.appointment.start == offer.start
            assert offer.appointment.client_id == offer.waitlist_request.client_id

    @invariant()
    def a_time_is_on_offer_to_one_at_most_and_never_twice_to_the_same(self) -> None:
        open_ones = list(
            models.WaitlistOffer.objects.filter(status="offered").values_list("start", "waitlist_request_id")
        )
        assert len({start for start, _ in open_ones}) == len(open_ones)
        assert len({request for _, request in open_ones}) == len(open_ones)
        offered = list(models.WaitlistOffer.objects.values_list("waitlist_request_id", "start"))
        assert len(set(offered)) == len(offered)

    @invariant()
    def every_offered_appointment_has_its_offer_and_was_told_once(self) -> None:
        kept = set(models.Appointment.objects.filter(entry_point=ENTRY_POINT).values_list("id", flat=True))
        offers = dict(models.WaitlistOffer.objects.values_list("appointment_id", "id"))
        assert set(offers) == kept
        told = [each.offer_id for each in self.practice.bus.rows if isinstance(each, WaitlistOffered)]
        assert sorted(told) == sorted(offers.values())

    def everything_comes_to_rest(self) -> None:
        """Nobody does anything any more: every hold ends, and every record says what is."""
        self.all_events_are_delivered()
        for offer in models.WaitlistOffer.objects.select_related("appointment"):
            assert (offer.status == OfferStatus.OFFERED) is (offer.appointment.status == HELD)
        live = {each.waitlist_request_id for each in self.live_offers()}
        for request in models.WaitlistRequest.objects.all():
            assert not (request.status == "new" and request.id in live)
            assert not (request.status == "offered" and request.id not in live)
            assert not (request.status in {"closed", "booked"} and request.id in live)
        for _ in range(len(models.WaitlistRequest.objects.all()) * len(PLACES) + 1):
            self.practice.clock.pass_(2 * HOUR)
            self.the_sweep_runs()
            self.all_events_are_delivered()
        assert not self.live_offers()
        assert not models.WaitlistOffer.objects.filter(status="offered").exists()
        assert not models.WaitlistRequest.objects.filter(status="offered").exists()


@pytest.mark.django_db
def test_no_run_breaks_the_order_of_the_waitlist() -> None:
    run_state_machine_as_test(
        LifeOfAWaitlist,
        settings=settings(property_settings(bounded=30, full=2_000), stateful_step_count=30),
    )
