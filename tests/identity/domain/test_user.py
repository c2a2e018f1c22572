"""What an account allows and refuses."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.identity.domain.contacts import ContactKind
from apps.identity.domain.roles import Role
from apps.identity.domain.user import (
    AccountDeleted,
    ContactRequired,
    ContactUnchanged,
    LanguageUnknown,
    LastContact,
    NameRequired,
    NotAStaffRole,
    OwnRole,
    StaffNeedsEmail,
    Status,
    TimeZoneUnknown,
    User,
    clean_name,
)
from tests.counts import property_settings


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


def test_people_describe_themselves_by_what_they_send() -> None:
    user = client()
    assert user.describe(display_name=" Анна  О. ", language="en") == {"display_name", "language"}
    assert (user.display_name, user.time_zone, user.language) == ("Анна О.", "Europe/Moscow", "en")
    assert user.describe(time_zone="Asia/Omsk", language="en") == {"time_zone"}
    assert user.describe() == set()
    with pytest.raises(NameRequired):
        user.describe(display_name=" ")
    with pytest.raises(TimeZoneUnknown):
        user.describe(time_zone="Mars/Olympus")
    with pytest.raises(LanguageUnknown):
        user.describe(language="xx")


def test_a_deleted_account_describes_nobody_and_takes_no_contact() -> None:
    user = client()
    user.status = Status.DELETED
    with pytest.raises(AccountDeleted):
        user.describe(display_name="Анна")
    with pytest.raises(AccountDeleted):
        user.change_contact(ContactKind.PHONE, "+79001112233")


@property_settings(100, 1_000)
@given(
    st.sampled_from([None, 7]),
    st.lists(st.tuples(st.sampled_from(ContactKind), st.sampled_from([None, "one", "two"])), max_size=8),
)
def test_whatever_is_changed_or_removed_there_is_a_contact_to_sign_in_by(
    telegram_id: int | None, changes: list[tuple[ContactKind, str | None]]
) -> None:
    user = client(email="one")
    user.telegram_id = telegram_id
    for kind, value in changes:
        before = {ContactKind.EMAIL: user.email, ContactKind.PHONE: user.phone}
        try:
            user.change_contact(kind, value)
        except ContactUnchanged:
            assert before[kind] == value
        except LastContact:
            assert value is None
        after = {ContactKind.EMAIL: user.email, ContactKind.PHONE: user.phone}
        assert after == before or after == {**before, kind: value}
        assert user.email is not None or user.telegram_id is not None
