"""Signing in by a code, step by step, over stand-ins."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.identity.application.issue_sign_in_code import IssueSignInCode
from apps.identity.application.ports import SignInLetter
from apps.identity.application.request_sign_in_code import RequestSignInCode
from apps.identity.application.sign_in import SignedIn, SignIn
from apps.identity.application.sign_out import SignOut
from apps.identity.domain.contacts import InvalidEmail
from apps.identity.domain.events import SignInCodeRequested
from apps.identity.domain.roles import Role
from apps.identity.domain.sign_in import SignInCodeInvalid
from apps.identity.domain.user import ClientBlocked, Status, User
from apps.kernel.domain.actor import Actor
from tests.identity.fakes import FakeAudit, FakeCodes, FakeEvents, FakeSessions, FakeUnitOfWork, FakeUsers

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Door:
    def __init__(self) -> None:
        self.codes, self.users, self.sessions = FakeCodes(), FakeUsers(), FakeSessions()
        self.audit, self.work, self.events = FakeAudit(), FakeUnitOfWork(), FakeEvents()

    def knows(self, role: Role = Role.CLIENT, status: Status = Status.ACTIVE) -> User:
        user = User.register_client(
            id=uuid4(), display_name="Анна", email="anna@example.ru", phone=None, time_zone="Asia/Omsk"
        )
        user.role, user.status = role, status
        self.users.add(user)
        return user

    def sign_in(self, code: str = "1234-5678") -> SignedIn:
        use_case = SignIn(
            codes=self.codes,
            users=self.users,
            sessions=self.sessions,
            audit=self.audit,
            unit_of_work=self.work,
            new_id=uuid4,
        )
        return use_case(
            email=" Anna@Example.ru", code=code, language="en", ip="192.0.2.1", user_agent="", at=NOON
        )

    def issue(self) -> SignInLetter | None:
        use_case = IssueSignInCode(codes=self.codes, users=self.users, unit_of_work=self.work)
        return use_case(row_id=1, request_number=1)


@pytest.fixture
def door() -> Door:
    return Door()


def test_asking_normalises_the_address(door: Door) -> None:
    ask = RequestSignInCode(
        codes=door.codes, events=door.events, unit_of_work=door.work, new_id=lambda: UUID(int=1)
    )
    ask(email=" Anna@Example.ru", language="ru", at=NOON)
    assert door.codes.asked == ["anna@example.ru"]
    assert door.events.published == [
        SignInCodeRequested(event_id=UUID(int=1), occurred_at=NOON, row_id=7, request_number=1)
    ]
    with pytest.raises(InvalidEmail):
        ask(email="anna", language="ru", at=NOON)


def test_a_letter_carries_a_code_for_clients_and_strangers_alike(door: Door) -> None:
    stranger = door.issue()
    door.knows()
    assert stranger == door.issue()
    assert stranger is not None
    assert stranger.code == "1234-5678"


@pytest.mark.parametrize("role", [Role.OWNER, Role.ASSISTANT, Role.EDITOR])
def test_a_letter_to_staff_carries_none(door: Door, role: Role) -> None:
    door.knows(role)
    letter = door.issue()
    assert letter is not None
    assert letter.code is None


def test_a_request_over_the_limit_gets_no_letter(door: Door) -> None:
    door.codes.address = None
    assert door.issue() is None


def test_a_stranger_with_the_code_becomes_a_client(door: Door) -> None:
    signed_in = door.sign_in()
    user = door.users.get(signed_in.user_id)
    assert (user.role, user.display_name, user.email) == (Role.CLIENT, "", "anna@example.ru")
    assert user.language == "en"
    assert (signed_in.session_token, signed_in.expires_at) == ("token 1", NOON + timedelta(days=30))
    assert door.audit.actions == ["signed_up"]


def test_a_client_with_the_code_is_the_one_we_know(door: Door) -> None:
    user = door.knows()
    signed_in = door.sign_in()
    assert (signed_in.user_id, signed_in.time_zone) == (user.id, "Asia/Omsk")
    assert (user.language, door.users.saved) == ("en", [user.id])
    assert door.audit.actions == ["signed_in"]


def test_a_wrong_code_is_refused_after_what_it_left_is_kept(door: Door) -> None:
    with pytest.raises(SignInCodeInvalid):
        door.sign_in("0000-0000")
    assert (door.work.committed, door.work.rolled_back) == (1, 0)
    assert door.sessions.opened == []


def test_staff_and_blocked_people_do_not_come_in_but_their_code_is_used_up(door: Door) -> None:
    user = door.knows(Role.OWNER)
    with pytest.raises(SignInCodeInvalid):
        door.sign_in()
    user.role, user.status, door.codes.right = Role.CLIENT, Status.BLOCKED, "1234-5678"
    with pytest.raises(ClientBlocked):
        door.sign_in()
    assert (door.codes.right, door.work.committed, door.sessions.opened) == ("", 2, [])


def test_signing_out_closes_the_session(door: Door) -> None:
    session, actor = uuid4(), Actor(user_id=uuid4(), role="client")
    SignOut(sessions=door.sessions, audit=door.audit, unit_of_work=door.work)(
        session_id=session, actor=actor, at=NOON
    )
    assert door.sessions.closed == [session]
    assert door.audit.actions == ["signed_out"]
