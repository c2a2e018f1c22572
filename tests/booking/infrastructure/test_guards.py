"""The database's own guards: each refuses what its rule forbids, and nothing else would have."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import product
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from apps.booking.domain.lifecycle import ALLOWED, AppointmentStatus
from apps.booking.infrastructure import models
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def change(**values: object) -> Callable[[], object]:
    """An appointment, changed by a bare UPDATE that no code of ours has checked."""

    def write() -> object:
        row = make_appointment()
        return models.Appointment.objects.filter(id=row.id).update(**values)

    return write


def move(*, by: timedelta, end_by: timedelta | None = None) -> Callable[[], object]:
    """The session moved without its blocked time."""

    def write() -> object:
        row = make_appointment()
        end = row.end + (by if end_by is None else end_by)
        return models.Appointment.objects.filter(id=row.id).update(start=row.start + by, end=end)

    return write


def block(bounds: str, *, by: timedelta = timedelta(0)) -> Callable[[], object]:
    def write() -> object:
        row = make_appointment()
        blocked = DateTimeTZRange(row.blocked.lower, row.blocked.upper + by, bounds)
        with connection.cursor() as cursor:
            return cursor.execute(
                "UPDATE booking_appointment SET blocked = %s WHERE id = %s", [blocked, row.id]
            )

    return write


def reverse() -> object:
    row = make_appointment()
    return models.Appointment.objects.filter(id=row.id).update(start=row.end, end=row.start)


def change_service(**values: object) -> Callable[[], object]:
    return lambda: models.Service.objects.filter(id=make_service().id).update(**values)


def change_hours(**values: object) -> Callable[[], object]:
    def write() -> object:
        [hours] = make_hours(make_specialist(), weekdays=[0])
        return models.WeeklyHours.objects.filter(id=hours.id).update(**values)

    return write


def override(kind: str, start: int | None, end: int | None) -> Callable[[], object]:
    return lambda: make_override(
        make_specialist(), day=date(2026, 12, 31), kind=kind, start_minute=start, end_minute=end
    )


def override_twice() -> None:
    specialist = make_specialist()
    for _ in range(2):
        make_override(specialist, day=date(2026, 12, 31))


def end_twice() -> None:
    appointment = make_appointment(status="completed")
    for outcome in ("attended", "no_show"):
        models.OutcomeRecord.objects.create(
            appointment=appointment,
            client=appointment.client,
            session_start=appointment.start,
            outcome=outcome,
            recorded_at=appointment.end,
        )


def intake(status: str, submitted_at: datetime | None) -> models.IntakeForm:
    appointment = make_appointment()
    return models.IntakeForm.objects.create(
        appointment=appointment,
        client=appointment.client,
        questions=["Что привело вас?"],
        answers=["Тревога"],
        status=status,
        updated_at=timezone.now(),
        submitted_at=submitted_at,
    )


def change_submitted_intake() -> None:
    form = intake("submitted", timezone.now())
    form.answers = ["Другое"]
    form.save()


def wait(**values: object) -> Callable[[], object]:
    return lambda: models.WaitlistRequest.objects.create(
        **{
            "service": make_service(),
            "client": None,
            "guest_token_hash": "ab" * 32,
            "preferred_contact": "email",
            "contact": "irina@example.org",
            "time_zone": "Europe/Moscow",
            "consent_version": "1.0",
            "created_at": timezone.now(),
            **values,
        }
    )


def offer(
    times: int = 1, *, same_request: bool = False, same_start: bool = False, **values: object
) -> Callable[[], object]:
    """Offers of a specialist's times to people who wait."""

    def write() -> object:
        service = make_service()
        requests = [wait(service=service)() for _ in range(times)]
        for number, request in enumerate(requests):
            appointment = make_appointment(service=service, start=next_monday(10 + 2 * number))
            models.WaitlistOffer.objects.create(
                **{
                    "waitlist_request": requests[0] if same_request else request,
                    "appointment": appointment,
                    "specialist": service.specialist,
                    "start": next_monday(10) if same_start else appointment.start,
                    "offered_at": timezone.now(),
                    "expires_at": timezone.now() + 2 * HOUR,
                    "status": "offered",
                    **values,
                }
            )
        return requests

    return write


def change_terms() -> object:
    row = make_appointment()
    return models.Appointment.objects.filter(id=row.id).update(terms={**row.terms, "price_minor": 900_000})


def change_client() -> object:
    return change(client=make_client())()


def change_service_of_appointment() -> object:
    return change(service=make_service())()


def follow_ups(*others: dict[str, object], **values: object) -> Callable[[], object]:
    """Tasks about one appointment: the one of ``values``, then the ``others`` that differ from it."""

    def write() -> object:
        fields = {
            "appointment": make_appointment(),
            "reason": "personal_data_withdrawn",
            "withdrawal_id": uuid4(),
            "opened_at": timezone.now(),
            **values,
        }
        tasks = [fields, *({**fields, **each} for each in others)]
        return [models.FollowUp.objects.create(**each) for each in tasks]

    return write


@dataclass(frozen=True)
class Guard:
    """A constraint (or a trigger that names itself like one) and a write that breaks it alone."""

    name: str
    breaks: Callable[[], object]
    table: str = "appointment"
    trigger: str = ""
    is_index: bool = False

    def drop(self) -> None:
        table = f"booking_{self.table}"
        what = f"ALTER TABLE {table} DROP CONSTRAINT {self.name}"
        if self.trigger:
            what = f"DROP TRIGGER {self.trigger} ON {table}"
        elif self.is_index:
            what = f"DROP INDEX {self.name}"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(what)


BLOCKED = "appointment_blocked_is_period_with_buffers"
TERMS = "appointment_terms_fixed"
APPOINTMENT_GUARD = "booking_appointment_guard"
GUARDS = [
    Guard(BLOCKED, move(by=HOUR)),
    Guard(BLOCKED, move(by=timedelta(0), end_by=timedelta(seconds=1))),
    Guard(BLOCKED, change(buffer_before_minutes=15)),
    Guard(BLOCKED, change(buffer_after_minutes=0)),
    Guard(BLOCKED, block("[)", by=timedelta(microseconds=1))),
    Guard(BLOCKED, block("[]")),
    Guard(BLOCKED, block("()")),
    Guard(TERMS, change_terms, trigger=APPOINTMENT_GUARD),
    Guard(TERMS, change_client, trigger=APPOINTMENT_GUARD),
    Guard(TERMS, change_service_of_appointment, trigger=APPOINTMENT_GUARD),
    Guard("appointment_refund_within_paid", change(refund_minor=450_001)),
    Guard("appointment_paid_within_price", change(paid_minor=450_001)),
    Guard(
        "appointment_hold_expires", lambda: make_appointment(status="pending_payment", hold_expires_at=None)
    ),
    Guard(
        "appointment_request_has_answer_due", lambda: make_appointment(status="requested", answer_due_at=None)
    ),
    Guard("appointment_status_known", lambda: make_appointment(status="lost")),
    Guard("outcome_once", end_twice, "outcomerecord", is_index=True),
    Guard("date_override_once", override_twice, "dateoverride"),
    Guard("intake_submitted_has_time", lambda: intake("submitted", None), "intakeform"),
    Guard("intake_submitted_has_time", lambda: intake("draft", timezone.now()), "intakeform"),
    Guard("intake_submitted_is_final", change_submitted_intake, "intakeform", "booking_intake_guard"),
    Guard("waitlist_has_owner", wait(guest_token_hash=""), "waitlistrequest"),
    Guard("waitlist_contact_known", wait(preferred_contact="pigeon"), "waitlistrequest"),
    Guard(
        "offer_once_per_request",
        offer(2, same_request=True, same_start=True, status="declined"),
        "waitlistoffer",
    ),
    Guard("offer_one_open_per_request", offer(2, same_request=True), "waitlistoffer", is_index=True),
    Guard("offer_one_open_per_time", offer(2, same_start=True), "waitlistoffer", is_index=True),
    Guard("offer_status_known", offer(status="lost"), "waitlistoffer"),
    Guard("offer_ends_before_its_time", offer(expires_at=next_monday(11)), "waitlistoffer"),
    Guard(
        "offer_ends_before_its_time",
        offer(offered_at=timezone.now() + 2 * HOUR, expires_at=timezone.now()),
        "waitlistoffer",
    ),
    Guard("service_duration_in_range", change_service(duration_minutes=0), "service"),
    Guard("service_duration_in_range", change_service(duration_minutes=721), "service"),
    Guard("service_buffers_in_range", change_service(buffer_before_minutes=241), "service"),
    Guard("service_buffers_in_range", change_service(buffer_after_minutes=241), "service"),
    Guard("service_deposit_within_price", change_service(deposit_minor=450_001), "service"),
    Guard("service_deposit_within_price", change_service(deposit_minor=0), "service"),
    Guard("service_cancellation_hours_in_order", change_service(cancel_free_hours=11), "service"),
    Guard("service_vat_code_known", change_service(vat_code=5), "service"),
    Guard("service_payment_subject_known", change_service(payment_subject="commodity"), "service"),
    Guard("service_step_in_range", change_service(slot_step_minutes=4), "service"),
    Guard("service_daily_limit_positive", change_service(daily_limit=0), "service"),
    Guard("service_horizon_in_range", change_service(horizon_days=366), "service"),
    Guard("service_offline_has_address", change_service(format="offline"), "service"),
    Guard("service_offline_has_address", change_service(format="hybrid"), "service"),
    Guard("weekly_hours_weekday", change_hours(weekday=7), "weeklyhours"),
    Guard("weekly_hours_in_order", change_hours(end_minute=600), "weeklyhours"),
    Guard("weekly_hours_in_order", change_hours(end_minute=1_441), "weeklyhours"),
    Guard("weekly_hours_biweekly_has_anchor", change_hours(every_weeks=2), "weeklyhours"),
    Guard(
        "weekly_hours_validity_in_order",
        change_hours(valid_from=date(2026, 12, 2), valid_until=date(2026, 12, 1)),
        "weeklyhours",
    ),
    Guard("date_override_hours_fit_kind", override("day_off", 600, 720), "dateoverride"),
    Guard("date_override_hours_fit_kind", override("extra_hours", None, None), "dateoverride"),
    Guard("date_override_hours_fit_kind", override("time_off", 720, 600), "dateoverride"),
    Guard("date_override_hours_fit_kind", override("vacation", 600, 720), "dateoverride"),
    Guard("follow_up_reason_known", follow_ups(reason="boredom"), "followup"),
    Guard(
        "follow_up_settled_by_somebody_then",
        lambda: follow_ups(settled_by=make_client())(),
        "followup",
    ),
    Guard("follow_up_heard_once", follow_ups({"settled_at": timezone.now()}), "followup"),
    Guard("follow_up_open_once", follow_ups({"withdrawal_id": uuid4()}), "followup", is_index=True),
]
NUMBERED = [pytest.param(guard, id=f"{guard.name}-{number}") for number, guard in enumerate(GUARDS)]


@pytest.mark.parametrize("guard", NUMBERED)
def test_the_guard_refuses_what_breaks_its_rule(guard: Guard) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        guard.breaks()
    assert refusal.value.__cause__.diag.constraint_name == guard.name


@pytest.mark.parametrize("guard", NUMBERED)
def test_without_the_guard_it_would_have_been_written(guard: Guard) -> None:
    guard.drop()
    with transaction.atomic():
        guard.breaks()


def test_a_session_ends_after_it_begins() -> None:
    """Two guards stand before this one: it is shown by what refuses when the other is gone."""
    Guard(BLOCKED, reverse).drop()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        reverse()
    assert refusal.value.__cause__.diag.constraint_name == "appointment_period_in_order"
    Guard("appointment_period_in_order", reverse).drop()
    reverse()


class TestTransitions:
    @pytest.mark.parametrize(("old", "new"), list(product(AppointmentStatus, AppointmentStatus)), ids=str)
    def test_the_database_allows_exactly_what_the_domain_allows(
        self, old: AppointmentStatus, new: AppointmentStatus
    ) -> None:
        now = timezone.now()
        row = make_appointment(status=old.value, hold_expires_at=now, answer_due_at=now)
        change = models.Appointment.objects.filter(id=row.id).update
        if new in ALLOWED[old] or new is old:
            assert change(status=new.value) == 1
        else:
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                change(status=new.value)
            assert refusal.value.__cause__.diag.constraint_name == "appointment_transition_allowed"
            assert str(old.value) in str(refusal.value)

    def test_without_the_trigger_a_completed_one_could_be_reopened(self) -> None:
        row = make_appointment(status="completed")
        Guard("", print, trigger=APPOINTMENT_GUARD).drop()
        assert models.Appointment.objects.filter(id=row.id).update(status="confirmed") == 1

    def test_the_frozen_table_of_the_migration_is_the_domains(self) -> None:
        frozen = import_module("apps.booking.migrations.0004_fiscal_terms_and_late_payments").ALLOWED
        domain = {
            old.value: sorted(new.value for new in followers if new is not old)
            for old, followers in ALLOWED.items()
            if followers
        }
        assert {old: sorted(news) for old, news in frozen.items()} == domain


class TestTimeline:
    """The timeline takes new entries only."""

    @pytest.fixture
    def entry(self) -> models.TimelineEntry:
        entry = models.TimelineEntry.objects.create(
            appointment=make_appointment(), event="AppointmentHeld", at=timezone.now(), actor_role="client"
        )
        _execute("SET CONSTRAINTS ALL IMMEDIATE")
        return entry

    ATTACKS = (
        lambda entry: models.TimelineEntry.objects.filter(id=entry.id).update(event="Nothing"),
        lambda entry: entry.delete(),
        lambda entry: entry.appointment.delete(),
        lambda entry: _execute("DELETE FROM booking_timelineentry"),
        lambda entry: _execute("TRUNCATE booking_timelineentry"),
        lambda entry: _execute("TRUNCATE booking_appointment CASCADE"),
    )
    NAMES = ("update", "delete", "delete its appointment", "raw delete", "truncate", "truncate appointments")

    @pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
    def test_an_entry_can_be_neither_changed_nor_removed(
        self, entry: models.TimelineEntry, attack: Callable[[models.TimelineEntry], object]
    ) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attack(entry)
        assert models.TimelineEntry.objects.get(id=entry.id).event == "AppointmentHeld"

    @pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
    def test_without_the_triggers_it_could(
        self, entry: models.TimelineEntry, attack: Callable[[models.TimelineEntry], object]
    ) -> None:
        for trigger in ("booking_timelineentry_rows_stay", "booking_timelineentry_table_stays"):
            Guard("", print, "timelineentry", trigger).drop()
        with transaction.atomic():
            attack(entry)
        assert not models.TimelineEntry.objects.filter(id=entry.id, event="AppointmentHeld").exists()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_constraint_of_the_tables_has_a_test_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid "
            "WHERE relname LIKE 'booking_%%' AND relname NOT LIKE '%%historical%%' "
            "AND contype IN ('c', 'u', 'x') AND conname NOT LIKE '%%_check' AND conname NOT LIKE 'booking_%%'"
        )
        named = {row[0] for row in cursor.fetchall()}
    elsewhere = {"appointment_no_overlap", "appointment_period_in_order"}
    assert named == {guard.name for guard in GUARDS if not guard.trigger and not guard.is_index} | elsewhere
