"""What the practice sells and when it works: use cases over stand-ins in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.booking.application.change_schedule import (
    AppointmentsTouched,
    ChangeSchedule,
    KeptSchedule,
    NotedOverride,
    OverrideTwice,
    SpecialistNotFound,
)
from apps.booking.application.change_service import AddService, ChangeService, MoveService
from apps.booking.application.import_services import ImportedService, ImportRefused, ImportServices
from apps.booking.application.record_export import RecordExport
from apps.booking.application.record_settings import RecordSettings
from apps.booking.domain.schedule import DateOverride, HoursOverlap, OverrideKind, WeeklyHours
from apps.booking.domain.service import ServiceNotFound, ServiceStatus
from apps.booking.domain.service_card import ServiceCard, ServiceTransitionNotAllowed, SlugFixed, SlugTaken
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from tests.booking.domain_objects import NOW, OWNER_ID, SPECIALIST_ID, STRANGER_ID, card, schedule
from tests.booking.fakes import FakeAuditLog, FakeUnitOfWork, MovableClock, Store

OWNER = Actor(user_id=OWNER_ID, role="owner")
APPOINTMENT = UUID(int=1)
TODAY = NOW.date()


@dataclass
class FakeCatalogue(Store):
    """Cards by id; an address in links belongs to one of them."""

    def get(self, service_id: UUID) -> ServiceCard:
        found = next((each for each in self.rows if each.id == service_id), None)
        if found is None:
            raise ServiceNotFound
        return found

    def add(self, card: ServiceCard, *, actor: Actor) -> None:
        if any(each.slug == card.slug for each in self.rows):
            raise SlugTaken(field="slug")
        self.rows.append(card)

    def save(self, card: ServiceCard, *, actor: Actor) -> ServiceCard:
        saved = replace(card, version=card.version + 1)
        self.rows = [saved if each.id == card.id else each for each in self.rows]
        return saved


@dataclass
class FakeSchedules(Store):
    """One specialist's schedule; its version counts the changes."""

    sessions: dict[UUID, Period] = field(default_factory=dict)

    def get(self, specialist_id: UUID, *, lock: bool) -> KeptSchedule:
        if specialist_id != SPECIALIST_ID:
            raise SpecialistNotFound
        weekly, overrides = self.rows[-1]
        kept = replace(schedule(), weekly=tuple(weekly), overrides=tuple(each.override for each in overrides))
        return KeptSchedule(schedule=kept, overrides=tuple(overrides), version=str(len(self.rows)))

    def replace(
        self,
        specialist_id: UUID,
        *,
        weekly: Sequence[WeeklyHours],
        overrides: Sequence[NotedOverride],
        since: date,
        until: date | None,
    ) -> None:
        _old, kept = self.rows[-1]
        stay = [
            each for each in kept if each.override.date < since or (until and each.override.date >= until)
        ]
        self.rows.append((list(weekly), [*stay, *overrides]))

    def upcoming(self, specialist_id: UUID, *, now: datetime) -> dict[UUID, Period]:
        return self.sessions


@dataclass
class Office:
    catalogue: FakeCatalogue
    schedules: FakeSchedules
    audit: FakeAuditLog

    def __post_init__(self) -> None:
        unit_of_work = FakeUnitOfWork([self.catalogue, self.schedules, self.audit])
        frame: dict[str, Any] = {
            "unit_of_work": unit_of_work,
            "audit": self.audit,
            "clock": MovableClock(NOW),
        }
        self.add = AddService(**frame, catalogue=self.catalogue)
        self.change = ChangeService(**frame, catalogue=self.catalogue)
        self.move = MoveService(**frame, catalogue=self.catalogue)
        self.import_ = ImportServices(**frame, add=self.add, change=self.change)
        self.reschedule = ChangeSchedule(**frame, schedules=self.schedules)
        self.record_export = RecordExport(**frame)
        self.record_settings = RecordSettings(**frame)

    @property
    def audited(self) -> list[str]:
        return [action for _role, action, *_rest in self.audit.rows]


def hours(weekday: int = 4, start: int = 10, end: int = 19) -> WeeklyHours:
    return WeeklyHours(weekday=weekday, start_minute=start * 60, end_minute=end * 60)


def off(days: int) -> NotedOverride:
    return NotedOverride(override=DateOverride(date=TODAY + timedelta(days=days), kind=OverrideKind.DAY_OFF))


@pytest.fixture
def office() -> Office:
    schedules = FakeSchedules([([hours()], [off(-5), off(10), off(90)])])
    friday_at_noon = datetime(2026, 12, 4, 9, 0, tzinfo=NOW.tzinfo)
    schedules.sessions = {APPOINTMENT: Period.lasting(friday_at_noon, timedelta(minutes=50))}
    return Office(catalogue=FakeCatalogue([card()]), schedules=schedules, audit=FakeAuditLog())


class TestServices:
    def test_are_added_once_for_each_address_in_links(self, office: Office) -> None:
        office.add(actor=OWNER, card=card(id=UUID(int=2), slug="couple"))
        assert office.audited == ["service_created"]
        with pytest.raises(SlugTaken):
            office.add(actor=OWNER, card=card(id=UUID(int=3), slug="couple"))
        assert len(office.catalogue.rows) == 2

    def test_are_changed_with_a_record_of_prices_and_rules(self, office: Office) -> None:
        saved = office.change(actor=OWNER, card=card(price=Money(1)), expected_version=1)
        assert (saved.price, saved.version) == (Money(1), 2)
        assert office.audited == ["service_changed"]

    def test_whose_words_alone_changed_are_saved_without_a_record(self, office: Office) -> None:
        assert office.change(actor=OWNER, card=card(name="Другое"), expected_version=1).version == 2
        assert office.audited == []

    def test_that_did_not_change_are_not_saved(self, office: Office) -> None:
        assert office.change(actor=OWNER, card=card(), expected_version=1).version == 1

    def test_are_not_overwritten_from_a_stale_page(self, office: Office) -> None:
        with pytest.raises(StaleVersion):
            office.change(actor=OWNER, card=card(price=Money(1)), expected_version=2)
        assert office.catalogue.rows == [card()]

    def test_move_between_statuses(self, office: Office) -> None:
        for status in (ServiceStatus.PUBLISHED, ServiceStatus.ARCHIVED, ServiceStatus.DRAFT):
            assert office.move(actor=OWNER, service_id=card().id, status=status).status is status
        assert office.audited == ["service_published", "service_archived", "service_returned_to_draft"]
        with pytest.raises(ServiceTransitionNotAllowed):
            office.move(actor=OWNER, service_id=card().id, status=ServiceStatus.DRAFT)

    def test_that_do_not_exist_are_told(self, office: Office) -> None:
        with pytest.raises(ServiceNotFound):
            office.move(actor=OWNER, service_id=STRANGER_ID, status=ServiceStatus.ARCHIVED)


class TestImport:
    def test_saves_all_services_or_none(self, office: Office) -> None:
        office.move(actor=OWNER, service_id=card().id, status=ServiceStatus.PUBLISHED)
        before = list(office.catalogue.rows)
        good = ImportedService(card=card(id=UUID(int=2), slug="couple"), expected_version=None)
        bad = ImportedService(card=card(slug="other"), expected_version=2)
        with pytest.raises(ImportRefused) as refusal:
            office.import_(actor=OWNER, services=[good, bad])
        assert (refusal.value.index, type(refusal.value.error)) == (1, SlugFixed)
        assert office.catalogue.rows == before
        assert office.audited == ["service_published"]

    def test_writes_how_many_there_were(self, office: Office) -> None:
        new = ImportedService(card=card(id=UUID(int=2), slug="couple"), expected_version=None)
        known = ImportedService(card=card(price=Money(1)), expected_version=1)
        office.import_(actor=OWNER, services=[new, known])
        assert office.audited == ["service_created", "service_changed", "data_imported"]


class TestTheSchedule:
    def change(self, office: Office, **values: Any) -> Any:
        defaults: dict[str, Any] = {
            "actor": OWNER,
            "specialist_id": SPECIALIST_ID,
            "weekly": [hours()],
            "overrides": [off(10), off(90)],
            "since": TODAY,
            "expected_version": "1",
        }
        return office.reschedule(**{**defaults, **values})

    def test_is_replaced_but_for_its_past(self, office: Office) -> None:
        self.change(office, weekly=[hours(end=20)], overrides=[])
        assert office.schedules.rows[-1] == ([hours(end=20)], [off(-5)])
        assert office.audited == ["schedule_changed"]

    def test_is_replaced_up_to_a_date_where_one_is_given(self, office: Office) -> None:
        self.change(office, overrides=[off(4)], until=TODAY + timedelta(days=60))
        assert office.schedules.rows[-1][1] == [off(-5), off(90), off(4)]

    def test_is_not_audited_when_it_stays_the_same(self, office: Office) -> None:
        self.change(office)
        assert office.audited == []

    def test_asks_before_it_touches_an_appointment(self, office: Office) -> None:
        with pytest.raises(AppointmentsTouched) as question:
            self.change(office, weekly=[hours(start=13)])
        assert question.value.appointment_ids == (APPOINTMENT,)
        assert len(office.schedules.rows) == 1
        change = self.change(office, weekly=[hours(start=13)], accepted=frozenset([APPOINTMENT]))
        assert change.touched == change.outside == (APPOINTMENT,)

    def test_does_not_ask_about_what_was_outside_before(self, office: Office) -> None:
        self.change(office, weekly=[], accepted=frozenset([APPOINTMENT]))
        change = self.change(office, weekly=[hours(weekday=0)], expected_version="2")
        assert (change.touched, change.outside) == ((), (APPOINTMENT,))

    def test_tells_beforehand_and_writes_nothing(self, office: Office) -> None:
        assert self.change(office, weekly=[], dry_run=True).touched == (APPOINTMENT,)
        assert (len(office.schedules.rows), office.audited) == (1, [])

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"expected_version": "0"}, StaleVersion),
            ({"specialist_id": STRANGER_ID}, SpecialistNotFound),
            ({"weekly": [hours(), hours(start=18, end=20)]}, HoursOverlap),
            ({"overrides": [off(3), off(3)]}, OverrideTwice),
            ({"overrides": [off(90)], "until": TODAY + timedelta(days=60)}, OverrideTwice),
        ],
    )
    def test_refuses_and_changes_nothing(
        self, office: Office, values: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            self.change(office, **values)
        assert (len(office.schedules.rows), office.audited) == (1, [])

    def test_tells_in_the_audit_log_what_went_and_what_came(self) -> None:
        records: list[dict[str, Any]] = []

        class Listening(FakeAuditLog):
            def record(self, *, changes: Any = None, **values: Any) -> None:
                records.append(changes)

        schedules = FakeSchedules([([hours()], [off(10)])])
        schedules.sessions = {}
        office = Office(catalogue=FakeCatalogue([]), schedules=schedules, audit=Listening())
        biweekly = replace(
            hours(weekday=5), every_weeks=2, anchor=date(2024, 1, 1), valid_from=date(2027, 1, 1)
        )
        evening = NotedOverride(
            override=DateOverride(
                date=TODAY, kind=OverrideKind.EXTRA_HOURS, start_minute=1200, end_minute=1260
            )
        )
        self.change(office, weekly=[biweekly], overrides=[evening])
        assert records == [
            {
                "weekly_hours": (["5: 10:00–19:00"], ["6: 10:00–19:00 2w 2024-01-01 2027-01-01…"]),
                "date_overrides": (["2026-12-11 day_off"], ["2026-12-01 extra_hours 1200–1260"]),
                "appointments_touched": (0, 0),
            }
        ]


class TestRecords:
    def test_of_exports_say_who_took_how_much(self, office: Office) -> None:
        office.record_export(
            actor=OWNER, entity="appointment", count=3, file_format="csv", filters={"tab": "all"}
        )
        assert office.audited == ["data_exported"]

    def test_of_settings_are_written_when_something_changed(self, office: Office) -> None:
        office.record_settings(actor=OWNER, entity="specialist", entity_id="1", changes={})
        assert office.audited == []
        office.record_settings(actor=OWNER, entity="specialist", entity_id="1", changes={"a": (1, 2)})
        assert office.audited == ["settings_changed"]
