"""The order of an erasure, what stands against it, and what proves it."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from apps.client_cabinet.application.confirm_erasure import ConfirmErasure, StartErasure
from apps.client_cabinet.application.erase import Erase
from apps.client_cabinet.application.erasure_ports import Standing
from apps.client_cabinet.application.plan_erasure import PlanErasure
from apps.client_cabinet.application.replay_tombstones import (
    PublishTombstones,
    ReplayTombstones,
    UnansweredTombstones,
)
from apps.client_cabinet.application.subject_requests import (
    EnterAccess,
    EnterWithdrawal,
    FulfilByErasure,
    RecordFulfilled,
    RegisterRequest,
)
from apps.client_cabinet.domain.erasure import (
    ErasureObstructed,
    ErasureStatus,
    NothingToErase,
    OnlyClientsAreErased,
    PersonAlreadyErased,
    Reason,
    Scope,
    Tombstone,
)
from apps.client_cabinet.domain.subject_request import RequestChannel, RequestKind, RequestStatus
from apps.kernel.application.personal_data import Obstacle
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.errors import NotFound
from tests.booking.fakes import MovableClock
from tests.client_cabinet.erasure_fakes import (
    OPERATOR,
    FakeActs,
    FakeAudit,
    FakeCodes,
    FakeDiaries,
    FakeErasures,
    FakeEvents,
    FakeKeys,
    FakePeople,
    FakeRequests,
    FakeTombstones,
    World,
    five_day_week,
)

PERSON = UUID(int=7)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACTOR = Actor(user_id=PERSON, role="client", ip="192.0.2.1")
AHEAD = Obstacle(code="appointment_ahead", message="Cancel it first.")


@pytest.fixture
def world() -> World:
    return World()


def eraser(world: World) -> Erase:
    ids = count(100)
    return Erase(
        people=FakePeople(world),
        diaries=FakeDiaries(world),
        sections=world.sections,
        keys=FakeKeys(world),
        acts=FakeActs(world),
        tombstones=FakeTombstones(world),
        audit=FakeAudit(world),
        events=FakeEvents(world),
        operator=lambda: OPERATOR,
        new_id=lambda: UUID(int=next(ids)),
    )


def erase(world: World, scope: Scope = Scope.ACCOUNT, entry_id: UUID | None = None):
    return eraser(world)(
        person_id=PERSON,
        scope=scope,
        entry_id=entry_id,
        reason=Reason.OWN_WISH,
        request_id=None,
        actor=ACTOR,
        at=AT,
    )


def desk(world: World) -> dict:
    return {
        "requests": FakeRequests(world),
        "audit": FakeAudit(world),
        "unit_of_work": nullcontext,
        "clock": MovableClock(AT),
        "is_working": five_day_week,
        "local_day": lambda at: at.date(),
    }


def fulfilled(world: World) -> RecordFulfilled:
    ids = count(900)
    return RecordFulfilled(
        requests=FakeRequests(world),
        is_working=five_day_week,
        local_day=lambda at: at.date(),
        new_id=lambda: UUID(int=next(ids)),
    )


# --- the erasure ---


def test_the_account_is_locked_first_and_the_key_goes_last(world):
    erase(world)

    assert world.steps == ["lock", "withdraw", "erase appointments", "erase profile", "destroy key"]


def test_an_account_leaves_act_tombstone_record_and_event(world):
    act = erase(world)

    assert act.number == 1
    assert [(each.section, each.count) for each in act.destroyed] == [("appointments", 2), ("profile", 2)]
    assert [each.years for each in act.kept] == [5, 5]
    assert act.key_destroyed
    assert act.operator == OPERATOR
    stone = world.stones[0]
    assert (stone.person_id, stone.scope, stone.erased_at) == (PERSON, Scope.ACCOUNT, AT)
    assert [action for action, _told in world.audited] == ["personal_data_erased"]
    assert [(each.person_id, each.scope) for each in world.published] == [(PERSON, "account")]


def test_an_obstacle_stops_it_before_anything_is_touched(world):
    world.standing_against.append(AHEAD)

    with pytest.raises(ErasureObstructed) as refused:
        erase(world)

    assert refused.value.params == {"obstacles": ["appointment_ahead"]}
    assert world.steps == ["lock"]


@pytest.mark.parametrize(
    ("standing", "error"),
    [
        (None, NotFound),
        (Standing(is_client=False, is_erased=False), OnlyClientsAreErased),
        (Standing(is_client=True, is_erased=True), PersonAlreadyErased),
    ],
    ids=["unknown", "staff", "erased"],
)
def test_only_a_client_who_is_there_is_erased(world, standing, error):
    world.standing = standing

    with pytest.raises(error):
        erase(world)
    assert not world.acts


def test_obstacles_of_the_account_do_not_stand_against_a_diary(world):
    world.standing_against.append(AHEAD)
    entry = UUID(int=5)
    world.entries = {entry: AT, UUID(int=6): AT}

    one = erase(world, Scope.ENTRY, entry)
    rest = erase(world, Scope.DIARIES)

    assert [act.destroyed[0].rows for act in (one, rest)] == [{"diary_entries": 1}, {"diary_entries": 1}]
    assert not one.key_destroyed
    assert "destroy key" not in world.steps


def test_an_entry_that_is_not_there_leaves_no_act(world):
    with pytest.raises(NothingToErase):
        erase(world, Scope.ENTRY, UUID(int=5))
    assert not world.acts
    assert not world.stones


# --- asking and confirming ---


def start(world: World, scope: Scope = Scope.ACCOUNT):
    return StartErasure(
        plan=PlanErasure(diaries=FakeDiaries(world), sections=world.sections),
        codes=FakeCodes(world),
        erasures=FakeErasures(world),
        unit_of_work=nullcontext,
        clock=MovableClock(AT),
        new_id=lambda: UUID(int=50),
    )(person_id=PERSON, scope=scope, entry_id=None)


def confirm(world: World, code: str = "1234-5678"):
    return ConfirmErasure(
        erase=eraser(world),
        codes=FakeCodes(world),
        erasures=FakeErasures(world),
        acts=FakeActs(world),
        record_fulfilled=fulfilled(world),
        unit_of_work=nullcontext,
        clock=MovableClock(AT),
    )(person_id=PERSON, erasure_id=UUID(int=50), code=code, actor=ACTOR)


def test_no_code_is_sent_where_something_stands_against_it(world):
    world.standing_against.append(AHEAD)

    with pytest.raises(ErasureObstructed):
        start(world)
    assert world.steps == []


def test_confirming_again_asks_for_no_code_and_gives_the_act(world):
    start(world)
    first = confirm(world)

    assert confirm(world, "anything") == first
    assert world.steps.count("accept") == 1
    assert world.erasures[UUID(int=50)].status is ErasureStatus.DONE


def test_a_wrong_code_erases_nothing(world):
    start(world)

    with pytest.raises(PermissionError):
        confirm(world, "0000-0000")
    assert "lock" not in world.steps


@pytest.mark.parametrize(
    ("scope", "kind"),
    [(Scope.ACCOUNT, RequestKind.WITHDRAWAL), (Scope.DIARIES, RequestKind.DESTRUCTION)],
    ids=["account", "diaries"],
)
def test_what_a_client_does_alone_is_in_the_register_as_fulfilled(world, scope, kind):
    start(world, scope)
    act = confirm(world)

    request = next(iter(world.requests.values()))
    assert (request.kind, request.channel, request.status, request.act_id) == (
        kind,
        RequestChannel.API,
        RequestStatus.ERASED,
        act.number,
    )


# --- requests ---


def register(world: World, kind: RequestKind = RequestKind.WITHDRAWAL, number: int = 1):
    return RegisterRequest(**desk(world), new_id=lambda: UUID(int=number))(
        kind=kind,
        channel=RequestChannel.LETTER,
        person_id=PERSON,
        received_on=date(2026, 11, 20),
        text="Прошу удалить.",
        actor=SYSTEM,
    )


def test_an_erasure_fulfils_every_open_request_that_asks_for_one(world):
    first = register(world)
    second = register(world, RequestKind.STOP, 2)
    access = register(world, RequestKind.ACCESS, 3)

    act = FulfilByErasure(**desk(world), erase=eraser(world))(request_id=first.id, actor=ACTOR)

    assert act.reason is Reason.REQUEST
    assert {first.status, second.status} == {RequestStatus.ERASED}
    assert access.status is RequestStatus.OPEN


@pytest.mark.parametrize(
    ("purpose", "entered"),
    [("personal_data", 1), ("health_data", 1), ("communications", 0), ("telegram", 0)],
)
def test_a_withdrawn_consent_that_data_rest_on_opens_a_request_once(world, purpose, entered):
    enter = EnterWithdrawal(**desk(world), people=FakePeople(world))

    for _ in range(2):  # events are heard at least once
        enter(id=UUID(int=9), person_id=PERSON, purpose=purpose, at=AT)

    assert len(world.requests) == entered
    for request in world.requests.values():
        assert request.status is RequestStatus.OPEN
        assert request.deadline == date(2026, 12, 23)


def test_the_withdrawals_of_an_erasure_leave_nothing_to_be_done(world):
    world.standing = Standing(is_client=True, is_erased=True)

    EnterWithdrawal(**desk(world), people=FakePeople(world))(
        id=UUID(int=9), person_id=PERSON, purpose="personal_data", at=AT
    )

    assert not world.requests


def test_an_archive_that_is_ready_is_a_request_that_was_answered(world):
    enter = EnterAccess(people=FakePeople(world), record_fulfilled=fulfilled(world), unit_of_work=nullcontext)

    for _ in range(2):
        enter(id=UUID(int=9), person_id=PERSON, at=AT)

    assert [(each.kind, each.status) for each in world.requests.values()] == [
        (RequestKind.ACCESS, RequestStatus.ANSWERED)
    ]


# --- tombstones ---


class File:
    def __init__(self, stones: list[Tombstone]) -> None:
        self.stones = stones

    def read(self) -> list[Tombstone]:
        return self.stones

    def append(self, tombstones: list[Tombstone]) -> int:
        new = [each for each in tombstones if each not in self.stones]
        self.stones += new
        return len(new)


class Revival:
    def __init__(self, world: World) -> None:
        self.world, self.asked = world, 0

    def unanswered(self, tombstones: list[Tombstone]) -> list[Tombstone]:
        self.asked += 1
        return [each for each in tombstones if each not in self.world.stones]


def stone(scope: Scope, number: int = 1) -> Tombstone:
    return Tombstone(id=UUID(int=number), person_id=PERSON, scope=scope, entry_id=None, erased_at=AT)


def test_a_replay_asks_for_no_leave_and_answers_every_tombstone(world):
    world.standing_against.append(AHEAD)
    world.entries = {UUID(int=5): AT, UUID(int=6): AT + timedelta(days=1)}
    unanswered = UnansweredTombstones(
        file=File([stone(Scope.DIARIES), stone(Scope.ACCOUNT, 2)]), revival=Revival(world)
    )
    replay = ReplayTombstones(
        unanswered=unanswered, erase=eraser(world), unit_of_work=nullcontext, clock=MovableClock(AT)
    )

    acts = replay()

    assert [(act.scope, act.reason, act.actor_id) for act in acts] == [
        (Scope.DIARIES, Reason.REPLAY, None),
        (Scope.ACCOUNT, Reason.REPLAY, None),
    ]
    assert list(world.entries) == [UUID(int=6)]
    assert unanswered() == []
    assert replay() == []


@pytest.mark.parametrize(
    "standing", [None, Standing(is_client=True, is_erased=True)], ids=["never known", "erased but for rows"]
)
def test_a_replay_of_somebody_half_there_destroys_the_key_all_the_same(world, standing):
    world.standing = standing

    act = eraser(world).again(stone(Scope.ACCOUNT), at=AT)

    assert act.key_destroyed
    assert "withdraw" not in world.steps


def test_an_empty_file_asks_the_database_nothing(world):
    revival = Revival(world)

    assert UnansweredTombstones(file=File([]), revival=revival)() == []
    assert revival.asked == 0


def test_publishing_takes_out_what_the_file_does_not_have(world):
    erase(world)
    file = File([])
    publish = PublishTombstones(file=file, tombstones=FakeTombstones(world))

    assert publish(person_id=PERSON) == 1
    assert publish() == 0
    assert file.stones == world.stones
