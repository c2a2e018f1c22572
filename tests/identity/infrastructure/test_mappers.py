"""Nothing is lost between a person and their row."""

from dataclasses import fields
from uuid import uuid4

import pytest

from apps.identity import models
from apps.identity.domain.roles import Role
from apps.identity.domain.user import Status, User, UserNotFound
from apps.identity.infrastructure.mappers import apply, to_domain
from apps.identity.infrastructure.repositories.users import DjangoUserRepository
from tests.identity.people import person


def plain(user: User) -> dict[str, object]:
    return {each.name: getattr(user, each.name) for each in fields(user) if not each.name.startswith("_")}


def test_a_person_survives_the_way_to_a_row_and_back() -> None:
    user = User(
        id=uuid4(),
        role=Role.EDITOR,
        status=Status.BLOCKED,
        display_name="Дмитрий",
        email="d@example.ru",
        phone="+79001112233",
        telegram_id=7,
        time_zone="Asia/Omsk",
        language="en",
    )
    row = models.User()
    apply(user, row)
    assert plain(to_domain(row)) == plain(user)


@pytest.mark.django_db
def test_the_repository_keeps_people_and_their_password() -> None:
    users = DjangoUserRepository()
    editor = person("editor")
    user = users.get(editor.pk)
    user.display_name = "Дмитрий"
    users.save(user)
    editor.refresh_from_db()
    assert editor.display_name == "Дмитрий"
    assert editor.has_usable_password()
    with pytest.raises(UserNotFound):
        users.get(uuid4())


@pytest.mark.django_db
def test_nobody_is_found_without_a_contact() -> None:
    person()
    assert DjangoUserRepository().with_contacts(email=None, phone=None) == []
