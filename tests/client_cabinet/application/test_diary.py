"""The diary's use cases: what rests on a consent, who reads what is shared, and what is written down."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.client_cabinet.application.ports import AppointmentMissing, ConsentRequired, SharedAppointment
from apps.client_cabinet.application.share_entry import ReadSharedEntry, ShareEntry, UnshareEntry
from apps.client_cabinet.application.write_diary import (
    CorrectEntry,
    DiaryConsent,
    DiaryTypeFixed,
    RemoveEntry,
    WriteEntry,
)
from apps.client_cabinet.domain.diary import AppointmentNotShareable, DiaryEntryNotFound, EntryInFuture
from apps.client_cabinet.domain.diary_content import DiaryType, WrongDiaryContent
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.readings import ReadingReason
from tests.client_cabinet.fakes import (
    FakeAppointments,
    FakeConsents,
    FakeDiary,
    FakeUnitOfWork,
    MovableClock,
    RecordedAudit,
    is_for,
)
from tests.client_cabinet.rows import PAYLOADS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AUTHOR, STRANGER, SPECIALIST = uuid4(), uuid4(), uuid4()


class Cabinet:
    """The use cases around one diary."""

    def __init__(self) -> None:
        self.diary, self.audit, self.clock = FakeDiary(), RecordedAudit(), MovableClock(NOW)
        self.consents, self.appointments = FakeConsents({AUTHOR}), FakeAppointments()
        work = FakeUnitOfWork([self.diary, self.audit])
        writing = {
            "unit_of_work": work,
            "diary": self.diary,
            "consent": DiaryConsent(consents=self.consents),
            "clock": self.clock,
        }
        audited = {
            "unit_of_work": work,
            "diary": self.diary,
            "audit": self.audit,
            "clock": self.clock,
        }
        self.write_entry = WriteEntry(**writing, new_id=uuid4)
        self.correct = CorrectEntry(**writing)
        self.remove = RemoveEntry(**audited)
        self.share = ShareEntry(**audited, appointments=self.appointments)
        self.unshare = UnshareEntry(**audited)
        self.read = ReadSharedEntry(**audited, appointments=self.appointments, may_read=is_for)

    def write(self, kind: str = "gratitude", **values):
        asked = {
            "author_id": AUTHOR,
            "type": DiaryType(kind),
            "happened_at": None,
            "time_zone": "Europe/Moscow",
            "payload": PAYLOADS[kind],
            **values,
        }
        return self.write_entry(**asked)

    def appointment(self, *, client_id: UUID = AUTHOR, **values) -> UUID:
        appointment = SharedAppointment(
            **{
                "id": uuid4(),
                "client_id": client_id,
                "is_shareable": True,
                "specialist_user_id": SPECIALIST,
                "start": NOW,
                "time_zone": "Europe/Moscow",
                "specialist_time_zone": "Europe/Moscow",
                **values,
            }
        )
        self.appointments.known[appointment.id] = appointment
        return appointment.id


@pytest.fixture
def cabinet():
    return Cabinet()


def actor(user_id=AUTHOR, role="client"):
    return Actor(user_id=user_id, role=role)


def correction(entry, **values):
    return {
        "entry_id": entry.id,
        "author_id": AUTHOR,
        "type": DiaryType.GRATITUDE,
        "happened_at": None,
        "time_zone": None,
        "payload": {"items": ["Иначе"]},
        "expected_version": 1,
        **values,
    }


class TestWriting:
    def test_without_a_consent_nothing_is_written_or_corrected(self, cabinet):
        entry = cabinet.write()
        cabinet.consents.given.clear()
        with pytest.raises(ConsentRequired) as caught:
            cabinet.write()
        assert caught.value.document.purpose == "health_data"
        with pytest.raises(ConsentRequired):
            cabinet.correct(**correction(entry))
        assert cabinet.diary.rows[entry.id].version == 1

    def test_the_day_is_that_of_the_authors_clock(self, cabinet):
        night = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
        days = [
            cabinet.write(happened_at=night, time_zone=zone).day.isoformat()
            for zone in ("UTC", "Europe/Moscow", "America/New_York")
        ]
        assert days == ["2026-11-20", "2026-11-21", "2026-11-20"]

    @pytest.mark.parametrize(("ahead", "is_refused"), [(9, False), (11, True)])
    def test_a_clock_may_be_a_little_ahead(self, cabinet, ahead, is_refused):
        happened = NOW + timedelta(minutes=ahead)
        if is_refused:
            with pytest.raises(EntryInFuture):
                cabinet.write(happened_at=happened)
        else:
            assert cabinet.write(happened_at=happened).happened_at == happened

    def test_a_correction_keeps_moment_and_zone_unless_told_otherwise(self, cabinet):
        entry = cabinet.write(happened_at=NOW - timedelta(days=3), time_zone="Asia/Omsk")
        corrected = cabinet.correct(**correction(entry))
        assert (corrected.happened_at, corrected.time_zone) == (NOW - timedelta(days=3), "Asia/Omsk")
        assert (corrected.payload, corrected.version) == ({"items": ["Иначе"]}, 2)

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"expected_version": 2}, StaleVersion),
            ({"type": DiaryType.ABC}, DiaryTypeFixed),
            ({"payload": {}}, WrongDiaryContent),
            ({"author_id": STRANGER}, DiaryEntryNotFound),
        ],
        ids=["stale", "another type", "wrong content", "somebody else's"],
    )
    def test_a_refused_correction_changes_nothing(self, cabinet, wrong, error):
        entry = cabinet.write()
        with pytest.raises(error):
            cabinet.correct(**correction(entry, **wrong))
        kept = cabinet.diary.rows[entry.id]
        assert (kept.payload, kept.version) == (PAYLOADS["gratitude"], 1)

    def test_only_the_author_throws_an_entry_away(self, cabinet):
        entry = cabinet.write()
        with pytest.raises(DiaryEntryNotFound):
            cabinet.remove(entry_id=entry.id, actor=actor(STRANGER))
        cabinet.remove(entry_id=entry.id, actor=actor())
        assert cabinet.diary.rows == {}
        assert cabinet.audit.actions == ["diary_entry_removed"]


class TestSharing:
    def test_the_specialist_of_the_appointment_reads_it_for_a_reason(self, cabinet):
        entry = cabinet.write()
        cabinet.share(entry_id=entry.id, appointment_id=cabinet.appointment(), actor=actor())
        shown = cabinet.read(
            entry_id=entry.id, reason=ReadingReason.SUPERVISION, actor=actor(SPECIALIST, "assistant")
        )
        assert shown.payload == PAYLOADS["gratitude"]
        action, entity, entity_id, changes = cabinet.audit.rows[1]
        assert (action, entity, entity_id) == ("private_text_read", "diary_entry", str(entry.id))
        assert changes == {"reading_reason": (None, "supervision"), "client_id": (None, str(AUTHOR))}

    @pytest.mark.parametrize(
        ("who", "appointment"),
        [
            (actor(uuid4(), "owner"), {}),
            (actor(uuid4(), "assistant"), {}),
            (actor(uuid4(), "assistant"), {"specialist_user_id": None}),
            (actor(SPECIALIST, "owner"), {"is_shareable": False}),
        ],
        ids=["the owner", "a colleague", "nobody's colleague", "a canceled session"],
    )
    def test_nobody_else_does_and_nothing_is_written_down(self, cabinet, who, appointment):
        entry = cabinet.write()
        id_ = cabinet.appointment(**appointment)
        cabinet.diary.rows[entry.id].share_for(id_, now=NOW)
        with pytest.raises(DiaryEntryNotFound):
            cabinet.read(entry_id=entry.id, reason=ReadingReason.QUALITY, actor=who)
        assert not cabinet.read.may_open(entry.id, actor=who)
        assert cabinet.audit.actions == []

    def test_unsharing_ends_it_at_once(self, cabinet):
        entry = cabinet.write()
        cabinet.share(entry_id=entry.id, appointment_id=cabinet.appointment(), actor=actor())
        assert cabinet.read.may_open(entry.id, actor=actor(SPECIALIST, "owner"))
        cabinet.unshare(entry_id=entry.id, actor=actor())
        assert not cabinet.read.may_open(entry.id, actor=actor(SPECIALIST, "owner"))

    def test_an_entry_is_shared_for_ones_own_coming_or_past_sessions_only(self, cabinet):
        entry = cabinet.write()
        with pytest.raises(AppointmentMissing):
            cabinet.share(
                entry_id=entry.id, appointment_id=cabinet.appointment(client_id=STRANGER), actor=actor()
            )
        with pytest.raises(AppointmentNotShareable):
            cabinet.share(
                entry_id=entry.id, appointment_id=cabinet.appointment(is_shareable=False), actor=actor()
            )
        assert cabinet.diary.rows[entry.id].share is None

    def test_only_the_author_shares_and_unshares(self, cabinet):
        entry, mine = cabinet.write(), cabinet.appointment(client_id=STRANGER)
        with pytest.raises(DiaryEntryNotFound):
            cabinet.share(entry_id=entry.id, appointment_id=mine, actor=actor(STRANGER))
        with pytest.raises(DiaryEntryNotFound):
            cabinet.unshare(entry_id=entry.id, actor=actor(STRANGER))
