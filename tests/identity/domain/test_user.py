"""What an account allows and refuses."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.identity.domain.roles import Role
from apps.identity.domain.user import (
    AccountDeleted,
    ContactRequired,
    NameRequired,
    NotAStaffRole,
    OwnRole,
    StaffNeedsEmail,
    Status,
    TimeZoneUnknown,
    User,
    clean_name,
)


def client(**fields: Any) -> User:
    contacts = {"email": "anna@example.ru", "phone": None, **fields}
    return User.register_client(id=uuid4(), display_name="Анна", time_zone="Europe/Moscow", **contacts)


def test_a_client_needs_a_contact() -> None:
    with pytest.raises(ContactRequired):
        client(email=None)
    assert client(email=None, phone="+79001112233").role == Role.CLIENT


@pytest.mark.parametrize("name", ["", "  ", "я" * 121])
def test_a_name_is_not_empty_and_not_endless(name: str) -> None:
    with pytest.raises(NameRequired):
        clean_name(name)
    assert clean_name("  Анна \n Орлова ") == "Анна Орлова"


def test_known_contacts_stay_and_missing_ones_are_learnt() -> None:
    user = client()
    assert user.learn_contacts(email="other@example.ru", phone="+79001112233")
    assert (user.email, user.phone) == ("anna@example.ru", "+79001112233")
    assert not user.learn_contacts(email="other@example.ru", phone=None)


def test_correcting_says_what_changed() -> None:
    user = client()
    changed = user.correct(
        display_name="Анна О.", email="anna@example.ru", phone="+79001112233", time_zone="Europe/Moscow"
    )
    assert changed == {"display_name", "phone"}
    with pytest.raises(ContactRequired):
        user.correct(display_name="Анна", email=None, phone=None, time_zone="Europe/Moscow")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe/\0"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(TimeZoneUnknown):
        client().correct(display_name="Анна", email="a@example.ru", phone=None, time_zone=zone)


def test_nobody_acts_on_themselves() -> None:
    user = client()
    commands: list[Callable[[UUID], None]] = [
        lambda by: user.change_role(Role.OWNER, by=by),
        lambda by: user.block(by=by),
        lambda by: user.unblock(by=by),
    ]
    for command in commands:
        with pytest.raises(OwnRole):
            command(user.id)
        command(uuid4())


def test_staff_need_an_address_to_sign_in_with() -> None:
    user = client(email=None, phone="+79001112233")
    with pytest.raises(StaffNeedsEmail):
        user.change_role(Role.EDITOR, by=uuid4())
    user.change_role(Role.CLIENT, by=uuid4())


def test_a_deleted_account_stays_as_it_is() -> None:
    user = client()
    user.status = Status.DELETED
    for command in (user.block, user.unblock):
        with pytest.raises(AccountDeleted):
            command(by=uuid4())
    with pytest.raises(AccountDeleted):
        user.correct(display_name="Анна", email="a@example.ru", phone=None, time_zone="UTC")


def test_nobody_is_employed_as_a_client() -> None:
    with pytest.raises(NotAStaffRole):
        User.employ(id=uuid4(), display_name="Анна", email="a@example.ru", role=Role.CLIENT)
    assert User.employ(id=uuid4(), display_name="Анна", email="a@example.ru", role=Role.EDITOR).is_staff
