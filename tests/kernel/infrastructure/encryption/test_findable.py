"""Contacts: ciphertext in the table, found as a whole through their indexes, and never without one."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from apps.identity.infrastructure.models import User
from apps.identity.infrastructure.queries import search_clients
from apps.kernel.infrastructure.blind_index import blind_index
from apps.kernel.infrastructure.encryption import person_keys
from tests.booking.factories import make_appointment, make_client

pytestmark = pytest.mark.django_db


def stored(person: User) -> dict[str, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email, email_index, phone, phone_index, telegram_id, telegram_id_index "
            "FROM identity_user WHERE id = %s",
            [person.pk],
        )
        return dict(zip([each.name for each in cursor.description], cursor.fetchone(), strict=True))


@pytest.fixture
def anna() -> User:
    return make_client(email="anna@example.org", phone="+79161234567", telegram_id=123_456_789)


def test_contacts_are_ciphertext_beside_their_indexes(anna: User) -> None:
    columns = stored(anna)
    for name, value in (
        ("email", "anna@example.org"),
        ("phone", "+79161234567"),
        ("telegram_id", "123456789"),
    ):
        assert columns[name].startswith("env1.")
        assert columns[f"{name}_index"] == blind_index(f"identity.user.{name}", value)
    assert "anna" not in str(columns)
    loaded = User.objects.get(pk=anna.pk)
    assert (loaded.email, loaded.phone, loaded.telegram_id) == (
        "anna@example.org",
        "+79161234567",
        123_456_789,
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {"email": "anna@example.org"},
        {"email__in": ["nobody@example.org", "anna@example.org"]},
        {"phone": "+79161234567"},
        {"telegram_id": 123_456_789},
        {"email__isnull": False, "phone": "+79161234567"},
    ],
    ids=["e-mail", "one of several", "phone", "Telegram", "several conditions"],
)
def test_people_are_found_by_a_whole_contact(anna: User, wanted: dict[str, object]) -> None:
    make_client()
    assert User.objects.get(**wanted) == anna
    made = make_appointment(client=anna)
    related = {f"client__{name}": value for name, value in wanted.items()}
    assert type(made).objects.get(**related) == made
    assert not User.objects.exclude(**wanted).filter(pk=anna.pk).exists()


def test_parts_orders_and_other_columns_are_refused(anna: User) -> None:
    for lookup in ("icontains", "startswith", "lt"):
        with pytest.raises(FieldError):
            User.objects.filter(**{f"email__{lookup}": "anna"})
    with pytest.raises(TypeError, match=r"identity\.user\.email"):
        User.objects.filter(email=F("phone"))


def test_an_index_follows_its_contact_whichever_way_it_is_saved(anna: User) -> None:
    anna.email = "new@example.org"
    anna.save(update_fields=["email"])
    assert User.objects.get(email="new@example.org") == anna
    assert not User.objects.filter(email="anna@example.org").exists()
    loaded = User.objects.get(pk=anna.pk)
    loaded.phone = None
    loaded.save()
    assert (stored(anna)["phone"], stored(anna)["phone_index"]) == (None, None)
    assert User.objects.get(email="new@example.org") == anna  # nobody had opened it


def test_two_people_cannot_share_one(anna: User) -> None:
    with pytest.raises(IntegrityError, match="email_index"), transaction.atomic():
        make_client(email="anna@example.org")


@pytest.mark.parametrize("column", ["email_index = NULL", "phone = NULL", "telegram_id_index = NULL"])
def test_the_database_refuses_a_contact_without_its_index(anna: User, column: str) -> None:
    with pytest.raises(IntegrityError, match="is_indexed"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE identity_user SET {column} WHERE id = %s", [anna.pk])


def test_a_list_of_people_costs_one_statement_for_all_their_keys() -> None:
    for number in range(12):
        make_client(display_name=f"Анна {number}")
    person_keys().forget_all()
    connection.run_on_commit.clear()  # as if each had been written by another process
    with CaptureQueriesContext(connection) as queries:
        found = search_clients(term="анна", limit=20)
        assert len({person.email for person in found}) == 12
    assert len(queries) == 2


def test_contacts_of_an_installed_system_are_sealed_and_opened_again_by_the_migration(anna: User) -> None:
    migration = import_module("apps.identity.migrations.0007_sealed_contacts")
    other = make_client(phone=None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE identity_user DROP CONSTRAINT user_email_is_indexed")
        cursor.execute("ALTER TABLE identity_user DROP CONSTRAINT user_phone_is_indexed")
        cursor.execute("ALTER TABLE identity_user DROP CONSTRAINT user_telegram_id_is_indexed")

    class Editor:
        def __init__(self) -> None:
            self.connection = connection

    migration.open_again(None, Editor())
    assert stored(anna) == {
        "email": "anna@example.org",
        "email_index": None,
        "phone": "+79161234567",
        "phone_index": None,
        "telegram_id": "123456789",
        "telegram_id_index": None,
    }
    migration.seal(None, Editor())
    assert User.objects.get(email="anna@example.org").telegram_id == 123_456_789
    assert User.objects.get(phone="+79161234567") == anna
    assert stored(other)["phone"] is None
    assert User.objects.get(email=other.email) == other
    assert not User.objects.filter(pk=uuid4()).exists()
