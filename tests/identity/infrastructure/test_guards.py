"""What the database itself refuses, and that nothing else would have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.audit import facade as audit
from apps.identity import facade
from apps.identity.models import Consent, ConsentDocument, User
from apps.kernel.domain.actor import SYSTEM
from tests.identity.people import person

pytestmark = pytest.mark.django_db

TABLES = ["identity_consent", "identity_consentdocument", "audit_auditrecord"]
CHANGES = {
    "update": "UPDATE {table} SET id = id",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}


@pytest.fixture
def rows() -> None:
    now = timezone.now()
    facade.publish_consent_document(
        purpose="personal_data",
        version="1.0",
        title="Согласие",
        text="Текст",
        legal={},
        effective_from=now - timedelta(days=1),
        actor=SYSTEM,
        at=now,
    )
    facade.grant_consents(
        user_id=person().pk,
        grants=[("personal_data", "1.0")],
        channel="web",
        evidence={"ip": "192.0.2.1"},
        at=now,
    )
    audit.record(actor=SYSTEM, action="consent_tested", entity="test", entity_id="1", at=now)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # no checks of foreign keys stay pending


def run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_append_only_tables_refuse_every_change(table: str, change: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        run(CHANGES[change].format(table=table))


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_with_the_guard_off_the_same_change_goes_through(table: str, change: str) -> None:
    for each in TABLES:
        run(f"ALTER TABLE {each} DISABLE TRIGGER USER")
    if (table, change) == ("identity_consentdocument", "delete"):
        run("DELETE FROM identity_consent")  # or its foreign key would refuse
    run(CHANGES[change].format(table=table))
    assert (run(f"SELECT 1 FROM {table}") > 0) is (change == "update")


@pytest.mark.usefixtures("rows")
def test_the_orm_cannot_change_them_either() -> None:
    consent, document = Consent.objects.get(), ConsentDocument.objects.get()
    changes: list[Callable[[], Any]] = [
        lambda: Consent.objects.update(status="withdrawn"),
        consent.save,
        consent.delete,
        document.save,
        lambda: ConsentDocument.objects.update(text="Другой текст"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


USER_FIELDS = {"email": "a@example.ru", "role": "client", "status": "active"}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"email": None}, "user_has_a_contact"),
        ({"email": ""}, "user_email_is_indexed"),
        ({"phone": ""}, "user_phone_is_indexed"),
        ({"email": None, "phone": "+79001112233", "role": "owner"}, "user_staff_has_email"),
        ({"role": "admin"}, "user_role_is_known"),
        ({"status": "asleep"}, "user_status_is_known"),
    ],
)
def test_an_impossible_account_is_refused(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        User(**{**USER_FIELDS, **fields}).save(force_insert=True)


@pytest.mark.parametrize("field", [{"email": "a@example.ru"}, {"phone": "+79001112233"}, {"telegram_id": 42}])
def test_a_contact_belongs_to_one_person(field: dict[str, Any]) -> None:
    User(**field).save(force_insert=True)
    with pytest.raises(IntegrityError, match="unique"):
        User(**field).save(force_insert=True)


def test_a_deleted_account_needs_no_contact() -> None:
    User(status="deleted", email=None).save(force_insert=True)
    User(status="deleted", email=None).save(force_insert=True)


def test_one_contact_of_any_kind_is_enough() -> None:
    User(telegram_id=1).save(force_insert=True)
    User(phone="+79001112233").save(force_insert=True)
    User(email="a@example.ru").save(force_insert=True)
