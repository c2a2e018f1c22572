"""Offers of the waitlist on PostgreSQL: kept as made, guarded by the database, right under many hands."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import product
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.booking import facade, wiring
from apps.booking.application.ports import GivenConsents
from apps.booking.domain.appointment import AppointmentNotFound, Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import HoldExpired, PaymentDue, TransitionNotAllowed
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import SlotTaken
from apps.booking.domain.waitlist_offer import ALLOWED, OfferStatus, OfferStillOpen, SlotAlreadyOffered
from apps.booking.infrastructure import mappers, models
from apps.booking.infrastructure.repositories.waitlist_offers import PostgresWaitlistOfferRepository
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from tests.booking.factories import (
    CONSENT_VERSION,
    consented_client,
    make_appointment,
    make_client,
    make_hours,
    make_offer,
    make_service,
    make_specialist,
    make_staff,
    make_waitlist_request,
    next_monday,
    publish_personal_data_consent,
)
from tests.counts import examples
from tests.identity.consents import withdraw
from tests.jobs import waiting, work_off

HOUR = timedelta(hours=1)
offers = PostgresWaitlistOfferRepository()


@pytest.mark.django_db
class TestTheRows:
    def test_an_offer_survives_its_row(self) -> None:
        entity = mappers.to_waitlist_offer(make_offer())
        entity.offered_by = make_staff().pk
        row = models.WaitlistOffer()
        mappers.apply_waitlist_offer(entity, row)
        assert vars(mappers.to_waitlist_offer(row)) == vars(entity)

    def test_is_found_by_its_appointment_and_while_open_by_its_request_and_time(self) -> None:
        made = make_offer()
        entity = mappers.to_waitlist_offer(made)
        with transaction.atomic():
            assert offers.get(made.id).id == made.id
            assert offers.of_appointment(made.appointment_id).id == made.id
            assert offers.of_appointment(uuid4()) is None
            assert offers.open_of(made.waitlist_request_id).id == made.id
            nobody: dict[str, Any] = {"request_ids": [], "specialist_id": uuid4(), "start": made.start}
            assert offers.open_around(**nobody) == []
            by_time = {**nobody, "specialist_id": made.specialist_id}
            by_request = {**nobody, "request_ids": [made.waitlist_request_id]}
            assert [each.id for each in offers.open_around(**by_time)] == [made.id]
            assert [each.id for each in offers.open_around(**by_request)] == [made.id]
            entity.settle(OfferStatus.EXPIRED)
            offers.save(entity)
            assert offers.open_of(made.waitlist_request_id) is None
            assert offers.open_around(**by_time) == offers.open_around(**by_request) == []
        asked = [made.waitlist_request_id, uuid4()]
        assert offers.offered_before(request_ids=asked, start=made.start) == {made.waitlist_request_id}
        assert offers.offered_before(request_ids=asked, start=made.start + HOUR) == set()

    def test_a_guard_speaks_in_the_words_of_the_domain(self) -> None:
        made = make_offer(start=next_monday(10))
        other = make_waitlist_request(service=made.waitlist_request.service)

        def add(request: models.WaitlistRequest, start: datetime) -> None:
            free = make_appointment(service=request.service, start=start, status="canceled")
            entity = mappers.to_waitlist_offer(made)
            entity.id, entity.appointment_id = uuid4(), free.id
            entity.waitlist_request_id, entity.start = request.id, start
            with transaction.atomic():
                offers.add(entity)

        for refusal, request, start in (
            (SlotTaken, other, made.start),
            (OfferStillOpen, made.waitlist_request, made.start + HOUR),
            (SlotAlreadyOffered, made.waitlist_request, made.start),
        ):
            if refusal is SlotAlreadyOffered:
                models.WaitlistOffer.objects.update(status="expired")
            with pytest.raises(refusal):
                add(request, start)
        assert models.WaitlistOffer.objects.count() == 1

    @pytest.mark.parametrize(("old", "new"), list(product(OfferStatus, OfferStatus)), ids=str)
    def test_the_database_allows_exactly_the_ends_that_the_domain_allows(
        self, old: OfferStatus, new: OfferStatus
    ) -> None:
        change = models.WaitlistOffer.objects.filter(id=make_offer(status=old.value).id).update
        if new in ALLOWED[old] or new is old:
            assert change(status=new.value) == 1
        else:
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                change(status=new.value)
            assert refusal.value.__cause__.diag.constraint_name == "offer_transition_allowed"

    def test_the_frozen_table_of_the_migration_is_the_domains(self) -> None:
        frozen = import_module("apps.booking.migrations.0005_waitlist_offers").ALLOWED
        domain = {old.value: {new.value for new in news} for old, news in ALLOWED.items() if news}
        assert {old: set(news) for old, news in frozen.items()} == domain

    @pytest.mark.parametrize("column", ["start", "waitlist_request", "specialist", "appointment"])
    def test_what_was_offered_to_whom_never_changes(self, column: str) -> None:
        made = make_offer()
        other = {
            "start": made.start + HOUR,
            "waitlist_request": make_waitlist_request(),
            "specialist": make_specialist(),
            "appointment": make_appointment(status="canceled"),
        }[column]
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            models.WaitlistOffer.objects.filter(id=made.id).update(**{column: other})
        assert refusal.value.__cause__.diag.constraint_name == "offer_fixed"


@pytest.mark.django_db
class TestTheFacade:
    def test_tells_of_an_offer_as_it_really_is(self) -> None:
        made = make_offer()
        info = facade.offer_of(made.appointment_id, at=made.offered_at)
        assert info is not None
        assert (info.id, info.waitlist_request_id) == (made.id, made.waitlist_request_id)
        assert (info.start, info.expires_at, info.status) == (made.start, made.expires_at, "offered")
        assert facade.offer_of(made.appointment_id, at=made.expires_at).status is facade.OfferStatus.EXPIRED
        models.Appointment.objects.filter(id=made.appointment_id).update(status="confirmed")
        assert facade.offer_of(made.appointment_id, at=made.expires_at).status is facade.OfferStatus.ACCEPTED
        assert facade.offer_of(make_appointment().id, at=made.offered_at) is None

    def test_takes_a_free_time_at_an_instant(self) -> None:
        made = make_offer(service=make_service(price_minor=0), client=consented_client())
        with pytest.raises(HoldExpired):
            facade.accept_offer(made.appointment_id, at=made.expires_at)
        facade.accept_offer(made.appointment_id, at=made.expires_at - HOUR)
        made.appointment.refresh_from_db()
        assert made.appointment.status == "confirmed"

    def test_refuses_what_is_no_answer_to_an_offer(self) -> None:
        now = datetime.now(UTC)
        with pytest.raises(PaymentDue):
            facade.accept_offer(make_offer().appointment_id, at=now)
        with pytest.raises(TransitionNotAllowed):
            facade.decline_offer(make_appointment().id, at=now)
        for answer in (facade.accept_offer, facade.decline_offer):
            with pytest.raises(AppointmentNotFound):
                answer(uuid4(), at=now)

    def test_lets_a_time_go_in_the_name_of_its_client(self) -> None:
        made = make_offer()
        facade.decline_offer(made.appointment_id, at=datetime.now(UTC))
        entry = models.TimelineEntry.objects.get(appointment=made.appointment_id)
        assert (entry.event, entry.actor_id) == ("AppointmentCanceled", made.appointment.client_id)


@pytest.mark.django_db
class TestConsentsOfGuests:
    def test_a_withdrawal_after_the_request_goes_before_the_consent_in_it(self) -> None:
        client = consented_client()
        service = make_service()
        early = datetime.now(UTC) - timedelta(hours=3)
        request = make_waitlist_request(service=service, contact=client.email, created_at=early)
        _withdraw(client.pk)
        assert wiring.offer_freed_slot(service_id=service.id, start=next_monday(12)) is None
        assert models.WaitlistRequest.objects.get(id=request.id).client is None
        missing = identity.missing_consent(user_id=client.pk, purpose="personal_data", at=datetime.now(UTC))
        assert missing is not None

    def test_a_newer_text_in_force_bars_the_consent_of_the_request(self) -> None:
        publish_personal_data_consent()
        service = make_service()
        make_waitlist_request(service=service, consent_version="0.9")
        assert wiring.offer_freed_slot(service_id=service.id, start=next_monday(12)) is None
        assert not models.Appointment.objects.exists()

    def test_the_address_of_staff_or_of_somebody_blocked_is_passed_over(self) -> None:
        publish_personal_data_consent()
        service = make_service()
        blocked = make_client(status="blocked")
        for contact in (make_staff().email, blocked.email):
            make_waitlist_request(service=service, contact=contact)
        make_waitlist_request(service=service, client=blocked, contact=blocked.email)
        last = make_waitlist_request(service=service)
        assert wiring.offer_freed_slot(service_id=service.id, start=next_monday(12))
        assert models.WaitlistOffer.objects.get().waitlist_request == last


@pytest.mark.django_db
def test_the_queue_carries_a_freed_time_from_one_to_the_next_and_then_to_nobody() -> None:
    publish_personal_data_consent()
    service = make_service()
    booked = make_appointment(service=service, start=next_monday(12))
    line = [make_waitlist_request(service=service) for _ in range(3)]
    owner = Actor(user_id=make_staff().pk, role="owner")
    cancel(booked.id, owner)
    for request in line:
        while work_off("kernel.deliver_event"):
            pass
        [kept] = models.WaitlistOffer.objects.filter(status="offered")
        assert (kept.waitlist_request, kept.start) == (request, next_monday(12))
        models.Appointment.objects.filter(id=kept.appointment_id).update(hold_expires_at=datetime.now(UTC))
        assert wiring.release_overdue() == 1
    while work_off("kernel.deliver_event"):
        pass
    assert not models.WaitlistOffer.objects.filter(status="offered").exists()
    assert set(models.WaitlistRequest.objects.values_list("status", flat=True)) == {"new"}
    assert waiting("kernel.deliver_event") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(examples(4, 100)))
def test_concurrent_hands_leave_one_hold_for_a_time_and_nobody_waits_in_a_circle(run: int) -> None:
    """Rounds for both services, rivals who book, somebody who leaves, an overdue offer in the way."""
    publish_personal_data_consent()
    specialist = make_specialist()
    make_hours(specialist)
    services = [make_service(specialist), make_service(specialist, price_minor=0)]
    start = next_monday(12)
    line = [make_waitlist_request(service=each, client=consented()) for each in services for _ in range(3)]
    stale = make_offer(request=line[0], start=start, keep=-timedelta(minutes=1))
    leaver = make_offer(request=line[3], start=start + 2 * HOUR)
    models.WaitlistRequest.objects.filter(id__in=[line[0].id, line[3].id]).update(status="offered")
    rivals = [consented() for _ in range(2)]

    def leave() -> object:
        return wiring.leave_waitlist(request_id=line[3].id, client_id=line[3].client_id, guest_token="")

    def book(client: Any, service: models.Service) -> object:
        return wiring.book_appointment(
            actor=Actor(user_id=client.pk, role="client"),
            client_id=client.pk,
            service_slug=service.slug,
            start=start,
            meeting_format=MeetingFormat.ONLINE,
            time_zone="Europe/Moscow",
            given=GivenConsents(evidence={}),
            origin=Origin(),
        )

    hands: list[Callable[[], object]] = [
        *(
            lambda each=each: wiring.offer_freed_slot(service_id=each.id, start=start)
            for each in services * 2
        ),
        *(lambda each=each: book(each, services[1]) for each in rivals),
        leave,
        lambda: wiring.settle_offer(appointment_id=stale.appointment_id),
        lambda: wiring.offer_freed_slot(service_id=services[1].id, start=start + 2 * HOUR),
        wiring.release_overdue,
    ]
    refused = in_parallel(hands)
    assert set(refused) <= {"slot_taken", "slot_unavailable"}, refused
    live = models.Appointment.objects.filter(status__in=["pending_payment", "confirmed"])
    assert live.filter(start=start).count() == 1
    open_offers = models.WaitlistOffer.objects.filter(status="offered", start=start)
    assert open_offers.count() <= 1
    leaver.refresh_from_db()
    assert (leaver.status, leaver.appointment.status) == ("declined", "canceled")
    assert models.WaitlistRequest.objects.get(id=line[3].id).status == "closed"
    while work_off("kernel.deliver_event"):
        pass
    for offer in models.WaitlistOffer.objects.select_related("appointment", "waitlist_request"):
        assert (offer.status == "offered") is (offer.appointment.status == "pending_payment")
    told = Counter(models.WaitlistOffer.objects.values_list("waitlist_request_id", "start"))
    assert set(told.values()) == {1}


def in_parallel(hands: list[Callable[[], object]]) -> list[str]:
    """Let all hands begin at once; the codes of what was refused. Anything but a refusal is raised."""
    gate = Barrier(len(hands))

    def work(hand: Callable[[], object]) -> str:
        try:
            gate.wait()
            hand()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(hands)) as pool:
        return [code for code in pool.map(work, hands) if code]


def consented() -> Any:
    client = make_client()
    identity.grant_consents(
        user_id=client.pk,
        grants=[("personal_data", CONSENT_VERSION)],
        channel="web",
        evidence={"ip": "192.0.2.1"},
        at=datetime.now(UTC),
    )
    return client


def cancel(appointment_id: Any, actor: Actor) -> None:
    wiring.cancel_appointment(
        appointment_id=appointment_id, actor=actor, by=CanceledBy.CLIENT, reason=ReasonCategory.NONE
    )


def _withdraw(user_id: Any) -> None:
    withdraw(user_id, "personal_data")
