"""What is written to a row is read back from it, whole; and a row's columns reach the domain."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.intake import IntakeForm, IntakeStatus
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import Outcome, OutcomeRecord, ReasonCategory
from apps.booking.domain.schedule import OverrideKind
from apps.booking.domain.service import (
    InvalidServiceTerms,
    MeetingFormat,
    ServiceFormat,
    ServiceStatus,
    ServiceTerms,
)
from apps.booking.domain.slots import SlotGrid
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistRequest, WaitlistStatus
from apps.booking.infrastructure import mappers, models
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from tests.booking.domain_objects import HOUR, MINUTE
from tests.counts import property_settings

INSTANTS = st.timedeltas(timedelta(0), timedelta(days=7_000)).map(
    lambda age: datetime(2020, 1, 1, tzinfo=UTC) + age
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
KOPECKS = st.integers(0, 10**8)
IDS = st.uuids()


def whole_minutes(low: int, high: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low, high).map(lambda count: count * MINUTE)


@st.composite
def all_terms(draw: st.DrawFn) -> ServiceTerms:
    price = draw(KOPECKS)
    partial = draw(st.integers(0, 200))
    return ServiceTerms(
        slug=draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)),
        name=draw(TEXTS),
        duration=draw(whole_minutes(1, 720)),
        price=Money(price),
        deposit=draw(st.none() | st.integers(1, price).map(Money)) if price else None,
        cancel_free_hours=partial + draw(st.integers(0, 200)),
        cancel_partial_hours=partial,
        reschedule_min_hours=draw(st.integers(0, 400)),
        max_reschedules=draw(st.integers(0, 20)),
        buffer_before=draw(whole_minutes(0, 240)),
        buffer_after=draw(whole_minutes(0, 240)),
        vat_code=draw(st.sampled_from(VatCode)),
        payment_subject=draw(st.sampled_from(PaymentSubject)),
    )


@st.composite
def outcome_records(draw: st.DrawFn) -> OutcomeRecord:
    return OutcomeRecord(
        outcome=draw(st.sampled_from(Outcome)),
        reason=draw(st.sampled_from(ReasonCategory)),
        session_start=draw(INSTANTS),
        recorded_at=draw(INSTANTS),
        recorded_by=draw(st.none() | IDS),
        notes=draw(TEXTS),
    )


@st.composite
def appointments(draw: st.DrawFn) -> Appointment:
    terms = draw(all_terms())
    return Appointment(
        id=draw(IDS),
        specialist_id=draw(IDS),
        client_id=draw(IDS),
        service_id=draw(IDS),
        terms=terms,
        status=draw(st.sampled_from(AppointmentStatus)),
        period=Period.lasting(draw(INSTANTS), terms.duration),
        meeting_format=draw(st.sampled_from(MeetingFormat)),
        meeting_link=draw(TEXTS),
        address=draw(TEXTS),
        time_zone=draw(st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "UTC"])),
        origin=Origin(
            entry_point=draw(TEXTS),
            topic=draw(TEXTS),
            deep_link_id=draw(TEXTS),
            utm=draw(st.dictionaries(TEXTS, TEXTS, max_size=3)),
        ),
        paid=Money(draw(KOPECKS)),
        refund=Money(draw(KOPECKS)),
        hold_length=draw(whole_minutes(1, 20_000)),
        hold_expires_at=draw(st.none() | INSTANTS),
        hold_extended=draw(st.booleans()),
        answer_due_at=draw(st.none() | INSTANTS),
        reschedule_count=draw(st.integers(0, 20)),
        outcomes=draw(st.lists(outcome_records(), max_size=3)),
        created_at=draw(INSTANTS),
        version=draw(st.integers(1, 1000)),
    )


def values(entity: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(entity).items() if name != "_events"}


@property_settings(bounded=60)
@given(appointments())
def test_an_appointment_survives_its_row(appointment: Appointment) -> None:
    row = models.Appointment()
    mappers.apply_appointment(appointment, row)
    records = []
    for outcome in appointment.outcomes:
        record = models.OutcomeRecord()
        mappers.apply_outcome(outcome, record)
        records.append(mappers.to_outcome(record))
    assert values(mappers.to_appointment(row, outcomes=records)) == values(appointment)


@property_settings(bounded=60)
@given(appointments())
def test_the_row_blocks_exactly_what_the_domain_blocks(appointment: Appointment) -> None:
    row = models.Appointment()
    mappers.apply_appointment(appointment, row)
    assert (row.blocked.lower, row.blocked.upper) == (appointment.blocked.start, appointment.blocked.end)
    assert row.blocked.lower_inc
    assert not row.blocked.upper_inc


@property_settings(bounded=60)
@given(all_terms())
def test_a_snapshot_survives_being_stored(terms: ServiceTerms) -> None:
    assert mappers.terms_from_json(mappers.terms_to_json(terms)) == terms


@property_settings(bounded=60)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), IDS, INSTANTS, st.booleans())
def test_an_intake_form_survives_its_row(
    pairs: list[tuple[str, str]], an_id: UUID, at: datetime, submitted: bool
) -> None:
    form = IntakeForm(
        appointment_id=an_id,
        client_id=UUID(int=an_id.int ^ 1),
        questions=tuple(question for question, _ in pairs),
        answers=tuple(answer for _, answer in pairs),
        status=IntakeStatus.SUBMITTED if submitted else IntakeStatus.DRAFT,
        updated_at=at,
        submitted_at=at if submitted else None,
    )
    row = models.IntakeForm()
    mappers.apply_intake(form, row)
    assert values(mappers.to_intake(row)) == values(form)


@property_settings(bounded=60)
@given(
    TEXTS,
    TEXTS,
    IDS,
    st.none() | IDS,
    st.sampled_from(PreferredContact),
    st.sampled_from(PreferredWindow),
    st.sampled_from(WaitlistStatus),
    st.none() | INSTANTS,
)
def test_a_waitlist_request_survives_its_row(
    name: str,
    contact: str,
    an_id: UUID,
    client_id: UUID | None,
    preferred: PreferredContact,
    window: PreferredWindow,
    status: WaitlistStatus,
    opening: datetime | None,
) -> None:
    request = WaitlistRequest(
        id=an_id,
        service_id=UUID(int=an_id.int ^ 1),
        client_id=client_id,
        guest_token_hash="" if client_id else "ab" * 32,
        name=name,
        preferred_contact=preferred,
        contact=contact,
        window=window,
        time_zone="Europe/Moscow",
        status=status,
        consent_version="1.0",
        created_at=datetime(2026, 12, 1, tzinfo=UTC),
        opening_start=opening,
    )
    row = models.WaitlistRequest()
    mappers.apply_waitlist_request(request, row)
    assert values(mappers.to_waitlist_request(row)) == values(request)


# Every value differs from every other and from its default, so that no two columns can be confused.
SERVICE_COLUMNS: dict[str, Any] = {
    "slug": "couple",
    "name": "Пара",
    "duration_minutes": 90,
    "format": "hybrid",
    "address": "Тихий переулок, 5",
    "price_minor": 700_001,
    "deposit_minor": 200_001,
    "cancel_free_hours": 48,
    "cancel_partial_hours": 36,
    "reschedule_min_hours": 30,
    "max_reschedules": 7,
    "buffer_before_minutes": 5,
    "buffer_after_minutes": 25,
    "min_notice_hours": 18,
    "horizon_days": 45,
    "slot_step_minutes": 35,
    "slot_grid": "after_previous",
    "daily_limit": 3,
    "requires_confirmation": True,
    "vat_code": 7,
    "payment_subject": "job",
    "status": "archived",
}


def test_a_service_is_read_with_every_rule() -> None:
    row = models.Service(specialist_id=UUID(int=9), **SERVICE_COLUMNS)
    service = mappers.to_service(row, intake_questions=("Что привело вас?",))
    assert service.terms == ServiceTerms(
        slug="couple",
        name="Пара",
        duration=90 * MINUTE,
        price=Money(700_001),
        deposit=Money(200_001),
        cancel_free_hours=48,
        cancel_partial_hours=36,
        reschedule_min_hours=30,
        max_reschedules=7,
        buffer_before=5 * MINUTE,
        buffer_after=25 * MINUTE,
        vat_code=VatCode.FIVE,
        payment_subject=PaymentSubject.JOB,
    )
    assert (service.id, service.specialist_id, service.slug) == (row.id, UUID(int=9), "couple")
    assert (service.status, service.format, service.grid) == (
        ServiceStatus.ARCHIVED,
        ServiceFormat.HYBRID,
        SlotGrid.AFTER_PREVIOUS,
    )
    assert (service.address, service.intake_questions) == ("Тихий переулок, 5", ("Что привело вас?",))
    assert (service.min_notice, service.horizon_days, service.step) == (18 * HOUR, 45, 35 * MINUTE)
    assert (service.daily_limit, service.requires_confirmation) == (3, True)


def test_a_row_that_breaks_a_rule_is_told_by_the_domain() -> None:
    with pytest.raises(InvalidServiceTerms):
        mappers.to_terms(models.Service(**{**SERVICE_COLUMNS, "deposit_minor": 700_002}))


def test_a_service_without_deposit_has_none() -> None:
    assert mappers.to_terms(models.Service(**{**SERVICE_COLUMNS, "deposit_minor": None})).deposit is None


def test_a_specialist_is_read_with_every_wait() -> None:
    row = models.Specialist(
        time_zone="Asia/Omsk",
        hold_minutes=25,
        accepted_hold_minutes=600,
        answer_within_hours=36,
        offer_hours=3,
        meeting_link="https://meet.example.org/a",
    )
    specialist = mappers.to_specialist(row)
    assert (specialist.id, specialist.time_zone, specialist.meeting_link) == (
        row.id,
        "Asia/Omsk",
        "https://meet.example.org/a",
    )
    waits = (specialist.hold, specialist.accepted_hold, specialist.answer_within, specialist.offer)
    assert waits == (25 * MINUTE, 10 * HOUR, 36 * HOUR, 3 * HOUR)


def test_weekly_hours_are_read_whole() -> None:
    columns: dict[str, Any] = {
        "weekday": 3,
        "start_minute": 540,
        "end_minute": 1_440,
        "every_weeks": 2,
        "anchor": date(2026, 11, 30),
        "valid_from": date(2026, 12, 1),
        "valid_until": date(2027, 1, 31),
    }
    hours = mappers.to_weekly_hours(models.WeeklyHours(**columns))
    assert {name: getattr(hours, name) for name in columns} == columns


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [("extra_hours", 600, 720), ("time_off", 0, 1_440), ("day_off", None, None), ("holiday", None, None)],
)
def test_date_overrides_are_read_whole(kind: str, start: int | None, end: int | None) -> None:
    override = mappers.to_date_override(
        models.DateOverride(date=date(2026, 12, 31), kind=kind, start_minute=start, end_minute=end)
    )
    assert (override.date, override.kind, override.start_minute, override.end_minute) == (
        date(2026, 12, 31),
        OverrideKind(kind),
        start,
        end,
    )
