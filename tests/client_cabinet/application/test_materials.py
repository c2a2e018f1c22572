"""Materials: who writes, who approves, what their clients see, and that events carry ids alone."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.client_cabinet.application.materials import (
    ApproveMaterial,
    DiscardMaterial,
    DraftMaterial,
    EditMaterial,
    OpenMaterial,
    ReadMaterial,
    WithdrawMaterial,
)
from apps.client_cabinet.application.ports import SharedAppointment
from apps.client_cabinet.domain.events import MaterialShared
from apps.client_cabinet.domain.material import (
    MaterialNotFound,
    MaterialTextNeeded,
    MaterialTitleNeeded,
    MaterialTransitionNotAllowed,
    NotThatClientsAppointment,
)
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.readings import ReadingReason
from tests.client_cabinet.fakes import (
    FakeAppointments,
    FakeMaterials,
    FakeUnitOfWork,
    MovableClock,
    RecordedAudit,
    RecordedEvents,
    is_for,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CLIENT, SPECIALIST = uuid4(), uuid4()
OWNER = Actor(user_id=uuid4(), role="owner")
COLLEAGUE = Actor(user_id=SPECIALIST, role="assistant")


class Desk:
    def __init__(self) -> None:
        self.materials, self.audit, self.clock = FakeMaterials(), RecordedAudit(), MovableClock(NOW)
        self.events, self.appointments = RecordedEvents(), FakeAppointments()
        work = FakeUnitOfWork([self.materials, self.audit])
        desk = {
            "unit_of_work": work,
            "materials": self.materials,
            "appointments": self.appointments,
            "events": self.events,
            "audit": self.audit,
            "clock": self.clock,
            "new_id": uuid4,
            "is_for": is_for,
        }
        self.draft_material, self.edit, self.approve = (
            DraftMaterial(**desk),
            EditMaterial(**desk),
            ApproveMaterial(**desk),
        )
        self.withdraw, self.discard, self.open = (
            WithdrawMaterial(**desk),
            DiscardMaterial(**desk),
            OpenMaterial(**desk),
        )
        self.read = ReadMaterial(unit_of_work=work, materials=self.materials, clock=self.clock)

    def session(self, *, client_id=CLIENT, specialist=SPECIALIST):
        appointment = SharedAppointment(
            id=uuid4(),
            client_id=client_id,
            is_shareable=True,
            specialist_user_id=specialist,
            start=NOW,
            time_zone="Europe/Moscow",
            specialist_time_zone="Europe/Moscow",
        )
        self.appointments.known[appointment.id] = appointment
        return appointment.id

    def draft(
        self, *, actor=OWNER, appointment_id=None, client_id=CLIENT, title="Три опоры", text="Дыхание."
    ):
        return self.draft_material(
            client_id=client_id, appointment_id=appointment_id, title=title, text=text, actor=actor
        )

    def approved(self, **values):
        id_ = self.draft(**values)
        self.approve(material_id=id_, expected_version=1, actor=OWNER)
        return id_


@pytest.fixture
def desk():
    return Desk()


def test_a_material_goes_from_draft_to_its_client_and_back(desk):
    id_ = desk.approved()
    assert desk.read(material_id=id_, client_id=CLIENT).text == "Дыхание."
    desk.withdraw(material_id=id_, expected_version=None, actor=OWNER)
    with pytest.raises(MaterialNotFound):
        desk.read(material_id=id_, client_id=CLIENT)
    assert desk.audit.actions == ["material_drafted", "material_shared", "material_withdrawn"]


def test_the_event_carries_ids_and_no_word(desk):
    id_ = desk.approved()
    [event] = desk.events.published
    assert isinstance(event, MaterialShared)
    assert asdict(event).keys() == {"event_id", "occurred_at", "material_id", "client_id"}
    assert (event.material_id, event.client_id) == (id_, CLIENT)


def test_the_first_reading_is_kept(desk):
    id_ = desk.approved()
    desk.read(material_id=id_, client_id=CLIENT)
    desk.clock.pass_(timedelta(days=1))
    assert desk.read(material_id=id_, client_id=CLIENT).first_read_at == NOW


@pytest.mark.parametrize(
    ("done", "command"),
    [
        ([], "withdraw"),
        (["approve"], "approve"),
        (["approve"], "discard"),
        (["approve"], "edit"),
        (["approve", "withdraw"], "approve"),
        (["approve", "withdraw"], "withdraw"),
        (["approve", "withdraw"], "discard"),
        (["approve", "withdraw"], "edit"),
    ],
    ids=lambda each: "-".join(each) or "draft" if isinstance(each, list) else each,
)
def test_there_are_no_other_ways(desk, done, command):
    id_ = desk.draft()
    for each in done:
        getattr(desk, each)(material_id=id_, expected_version=None, actor=OWNER)
    before = desk.materials.rows[id_].version
    words = {"title": "Иное", "text": "Иное"} if command == "edit" else {}
    with pytest.raises(MaterialTransitionNotAllowed):
        getattr(desk, command)(material_id=id_, expected_version=None, actor=OWNER, **words)
    assert desk.materials.rows[id_].version == before


@pytest.mark.parametrize("command", ["approve", "discard"])
def test_what_somebody_changed_meanwhile_is_not_acted_upon(desk, command):
    id_ = desk.draft()
    desk.edit(material_id=id_, title="Иное", text="Иное", expected_version=1, actor=OWNER)
    with pytest.raises(StaleVersion):
        getattr(desk, command)(material_id=id_, expected_version=1, actor=OWNER)
    assert desk.materials.rows[id_].status == "draft"


def test_a_colleague_works_on_their_own_sessions_only(desk):
    own, foreign = desk.session(), desk.session(specialist=uuid4())
    id_ = desk.draft(actor=COLLEAGUE, appointment_id=own)
    desk.approve(material_id=id_, expected_version=1, actor=COLLEAGUE)
    assert desk.materials.rows[id_].approved_by == SPECIALIST
    others = desk.draft(appointment_id=foreign)
    nobodys = desk.draft()
    for each in (others, nobodys):
        for command in (desk.approve, desk.discard):
            with pytest.raises(MaterialNotFound):
                command(material_id=each, expected_version=None, actor=COLLEAGUE)
        with pytest.raises(MaterialNotFound):
            desk.open(material_id=each, reason=ReadingReason.QUALITY, actor=COLLEAGUE)
    with pytest.raises(MaterialNotFound):
        desk.draft(actor=COLLEAGUE, appointment_id=foreign)


def test_a_program_approves_nothing(desk):
    id_ = desk.draft()
    with pytest.raises(MaterialNotFound):
        desk.approve(material_id=id_, expected_version=None, actor=SYSTEM)


def test_a_material_follows_a_session_of_the_same_client(desk):
    with pytest.raises(NotThatClientsAppointment):
        desk.draft(appointment_id=desk.session(client_id=uuid4()))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"title": "  "}, MaterialTitleNeeded),
        ({"title": "я" * 151}, MaterialTitleNeeded),
        ({"text": "\n"}, MaterialTextNeeded),
        ({"text": "я" * 20_001}, MaterialTextNeeded),
    ],
    ids=["no title", "long title", "no text", "long text"],
)
def test_a_material_has_a_title_and_a_text(desk, words, error):
    with pytest.raises(error):
        desk.draft(**words)
    assert desk.materials.rows == {}
    assert desk.audit.actions == []


def test_a_reading_by_staff_is_written_down_with_its_reason(desk):
    id_ = desk.draft()
    assert desk.open(material_id=id_, reason=ReadingReason.CRISIS, actor=OWNER).text == "Дыхание."
    action, entity, entity_id, changes = desk.audit.rows[1]
    assert (action, entity, entity_id) == ("private_text_read", "material", str(id_))
    assert changes == {"reading_reason": (None, "crisis"), "client_id": (None, str(CLIENT))}


def test_another_client_reads_nothing(desk):
    with pytest.raises(MaterialNotFound):
        desk.read(material_id=desk.approved(), client_id=uuid4())
