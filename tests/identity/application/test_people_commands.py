"""Roles, blocking and employing: what is allowed, what it ends, what is written down."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.identity.application.block_user import BlockUser
from apps.identity.application.change_role import ChangeRole
from apps.identity.application.employ import Employ
from apps.identity.application.set_password import SetPassword
from apps.identity.application.update_client import UpdateClient
from apps.identity.domain.roles import Role
from apps.identity.domain.user import (
    ContactOfStaff,
    ContactTaken,
    LastOwner,
    NotAStaffRole,
    PasswordTooWeak,
    Status,
    User,
)
from apps.kernel.domain.actor import SYSTEM, Actor
from tests.identity.fakes import FakeAudit, FakePasswords, FakeSessions, FakeUnitOfWork, FakeUsers

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
OWNER = Actor(user_id=uuid4(), role="owner")
ASSISTANT = Actor(user_id=uuid4(), role="assistant")


class Practice:
    """The commands over people in memory."""

    def __init__(self) -> None:
        self.users, self.sessions, self.audit = FakeUsers(), FakeSessions(), FakeAudit()
        self.work, self.passwords = FakeUnitOfWork(), FakePasswords()

    def person(self, role: Role, **fields: Any) -> UUID:
        user = User(
            id=uuid4(),
            role=role,
            status=Status.ACTIVE,
            display_name="Анна",
            email=fields.get("email", f"{uuid4().hex}@example.ru"),
            phone=None,
            telegram_id=None,
            time_zone="Europe/Moscow",
            language="ru",
        )
        self.users.add(user)
        return user.id

    def change_role(self, user_id: UUID, role: Role, actor: Actor = OWNER) -> None:
        use_case = ChangeRole(
            users=self.users, sessions=self.sessions, audit=self.audit, unit_of_work=self.work
        )
        use_case(user_id=user_id, role=role, reason="Так решили", actor=actor, at=NOON)

    def block(self, user_id: UUID, *, blocked: bool = True, actor: Actor = OWNER) -> None:
        use_case = BlockUser(
            users=self.users, sessions=self.sessions, audit=self.audit, unit_of_work=self.work
        )
        use_case(user_id=user_id, blocked=blocked, actor=actor, at=NOON)

    def employ(self, **fields: Any) -> UUID:
        use_case = Employ(
            users=self.users,
            passwords=self.passwords,
            audit=self.audit,
            unit_of_work=self.work,
            new_id=uuid4,
        )
        answers = {
            "email": "Boss@Example.ru",
            "display_name": "Анна",
            "role": Role.OWNER,
            "password": "long enough",
        }
        return use_case(**{**answers, **fields}, actor=SYSTEM, at=NOON)


@pytest.fixture
def practice() -> Practice:
    return Practice()


def test_a_changed_role_ends_the_sessions_and_names_old_and_new(practice: Practice) -> None:
    editor = practice.person(Role.EDITOR)
    practice.change_role(editor, Role.ASSISTANT)
    assert practice.users.get(editor).role == Role.ASSISTANT
    assert practice.sessions.closed == practice.users.saved == [editor]
    assert practice.audit.actions == ["role_changed"]
    assert practice.audit.changes == [{"role": ("editor", "assistant"), "reason": (None, "Так решили")}]


def test_the_same_role_again_changes_nothing(practice: Practice) -> None:
    editor = practice.person(Role.EDITOR)
    practice.change_role(editor, Role.EDITOR)
    assert practice.users.saved == practice.sessions.closed == practice.audit.actions == []


def test_the_practice_keeps_an_owner(practice: Practice) -> None:
    only = practice.person(Role.OWNER)
    with pytest.raises(LastOwner):
        practice.change_role(only, Role.EDITOR)
    practice.users.get(only).role = Role.OWNER  # as the rolled back transaction leaves it
    with pytest.raises(LastOwner):
        practice.block(only)
    assert practice.users.saved == practice.audit.actions == []


def test_one_owner_of_two_may_go(practice: Practice) -> None:
    one, other = practice.person(Role.OWNER), practice.person(Role.OWNER)
    practice.change_role(one, Role.EDITOR)
    assert practice.users.get(one).role == Role.EDITOR
    with pytest.raises(LastOwner):
        practice.block(other)


def test_blocking_ends_the_sessions_and_is_undone_by_unblocking(practice: Practice) -> None:
    client = practice.person(Role.CLIENT)
    practice.block(client, actor=ASSISTANT)
    practice.block(client, actor=ASSISTANT)
    assert practice.users.get(client).status == Status.BLOCKED
    assert set(practice.sessions.closed) == {client}
    practice.block(client, blocked=False, actor=ASSISTANT)
    assert practice.users.get(client).status == Status.ACTIVE
    assert practice.audit.actions == ["user_blocked", "user_unblocked"]


def test_an_assistant_blocks_nobody_of_the_practice(practice: Practice) -> None:
    editor = practice.person(Role.EDITOR)
    for blocked in (True, False):
        with pytest.raises(ContactOfStaff):
            practice.block(editor, blocked=blocked, actor=ASSISTANT)
    assert practice.users.get(editor).status == Status.ACTIVE


def test_somebody_employed_has_a_role_an_address_and_a_password(practice: Practice) -> None:
    user_id = practice.employ()
    user = practice.users.get(user_id)
    assert (user.email, user.role) == ("boss@example.ru", Role.OWNER)
    assert practice.passwords.kept == {user_id: "long enough"}
    assert practice.audit.changes == [{"role": (None, "owner")}]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"email": "taken@example.ru"}, ContactTaken),
        ({"role": Role.CLIENT}, NotAStaffRole),
        ({"password": "short"}, PasswordTooWeak),
    ],
)
def test_who_cannot_be_employed(practice: Practice, fields: dict[str, Any], refusal: type[Exception]) -> None:
    practice.person(Role.CLIENT, email="taken@example.ru")
    with pytest.raises(refusal):
        practice.employ(**fields)
    assert practice.work.rolled_back == 1
    assert practice.audit.actions == []


def test_only_people_of_the_practice_have_passwords(practice: Practice) -> None:
    use_case = SetPassword(
        users=practice.users,
        passwords=practice.passwords,
        audit=practice.audit,
        unit_of_work=practice.work,
    )
    with pytest.raises(NotAStaffRole):
        use_case(user_id=practice.person(Role.CLIENT), password="long enough", actor=OWNER, at=NOON)
    editor = practice.person(Role.EDITOR)
    use_case(user_id=editor, password="long enough", actor=OWNER, at=NOON)
    assert practice.passwords.kept == {editor: "long enough"}
    assert practice.audit.actions == ["password_set"]


def test_a_clients_record_is_not_a_way_to_change_somebody_of_the_practice(practice: Practice) -> None:
    use_case = UpdateClient(users=practice.users, audit=practice.audit, unit_of_work=practice.work)
    answers = {"display_name": "Анна", "phone": None, "time_zone": "Europe/Moscow", "at": NOON}
    with pytest.raises(ContactOfStaff):
        use_case(user_id=practice.person(Role.OWNER), email="a@example.ru", actor=ASSISTANT, **answers)
    client = practice.person(Role.CLIENT, email="a@example.ru")
    use_case(user_id=client, email="A@example.ru", actor=ASSISTANT, **answers)
    assert practice.users.saved == practice.audit.actions == []
