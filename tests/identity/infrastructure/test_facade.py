"""What neighbours get from identity: plain answers in a fixed number of statements."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity import facade
from apps.identity.domain.contacts import InvalidEmail, InvalidPhone
from apps.identity.domain.user import (
    ClientBlocked,
    ContactOfStaff,
    ContactRequired,
    ContactsOfTwoPeople,
    NameRequired,
)
from apps.identity.models import Consent, User
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.infrastructure.encryption import person_keys
from tests.identity.people import person

pytestmark = pytest.mark.django_db


def ensure(name: str = "Анна", email: str | None = None, phone: str | None = None) -> UUID:
    return facade.ensure_client(display_name=name, email=email, phone=phone, actor=SYSTEM, at=timezone.now())


def publish(
    version: str = "1.0", *, purpose: str = "personal_data", since: timedelta = timedelta(days=1)
) -> None:
    now = timezone.now()
    facade.publish_consent_document(
        purpose=purpose,
        version=version,
        title=f"Согласие {version}",
        text=f"Текст {version}",
        legal={},
        effective_from=now - since,
        actor=SYSTEM,
        at=now,
    )


def grant(user_id: UUID, *grants: tuple[str, str], at: datetime | None = None) -> None:
    facade.grant_consents(
        user_id=user_id, grants=grants, channel="web", evidence={"ip": "192.0.2.1"}, at=at or timezone.now()
    )


def withdraw(user_id: UUID, purpose: str = "personal_data") -> None:
    facade.withdraw_consent(
        user_id=user_id, purpose=purpose, channel="web", evidence={"ip": "192.0.2.1"}, at=timezone.now()
    )


def missing(user_id: UUID, at: datetime | None = None) -> str | None:
    document = facade.missing_consent(user_id=user_id, purpose="personal_data", at=at or timezone.now())
    return document and document.version


def test_a_new_client_is_registered_once_however_they_are_typed() -> None:
    first = ensure(" Анна  Орлова ", "Anna@Example.ru", "8 900 111-22-33")
    assert ensure("Другое имя", "anna@example.ru") == first
    assert ensure("Другое имя", None, "+7 (900) 111 22 33") == first
    client = facade.client(first)
    assert client == facade.Client(
        id=first,
        display_name="Анна Орлова",
        email="anna@example.ru",
        phone="+79001112233",
        telegram_id=None,
        time_zone="Europe/Moscow",
        language="ru",
        is_active=True,
    )
    assert AuditRecord.objects.filter(action="client_registered").count() == 1


def test_a_missing_contact_is_learnt_and_a_known_one_stays() -> None:
    first = ensure(email="anna@example.ru")
    assert ensure(email="anna@example.ru", phone="+79001112233") == first
    assert ensure(email="other@example.ru", phone="+79001112233") == first
    client = facade.client(first)
    assert client is not None
    assert (client.email, client.phone) == ("anna@example.ru", "+79001112233")


def test_what_cannot_be_one_client_is_refused() -> None:
    ensure(email="anna@example.ru")
    ensure(email=None, phone="+79001112233")
    person("assistant", email="maria@example.ru")
    person(email="blocked@example.ru", status="blocked")
    cases: list[tuple[type[Exception], dict[str, str | None]]] = [
        (ContactsOfTwoPeople, {"email": "anna@example.ru", "phone": "+79001112233"}),
        (ContactOfStaff, {"email": "maria@example.ru"}),
        (ClientBlocked, {"email": "blocked@example.ru"}),
        (ContactRequired, {"email": " ", "phone": ""}),
        (InvalidEmail, {"email": "anna@"}),
        (InvalidPhone, {"phone": "12"}),
        (NameRequired, {"name": " ", "email": "new@example.ru"}),
    ]
    before = User.objects.count()
    for refusal, arguments in cases:
        with pytest.raises(refusal):
            ensure(**arguments)  # type: ignore[arg-type]  # names and texts, as typed
    assert User.objects.count() == before


def test_nobody_has_an_unknown_id() -> None:
    assert facade.client(uuid4()) is None


@pytest.mark.django_db(transaction=True)
def test_many_at_once_register_one_client() -> None:
    start = threading.Barrier(8)

    def register(number: int) -> UUID:
        try:
            start.wait(20)
            return ensure(f"Анна {number}", "anna@example.ru", "+79001112233")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(register, range(8)))) == 1
    assert User.objects.count() == 1


def test_a_consent_is_missing_until_exactly_the_version_in_force_is_granted() -> None:
    client = ensure(email="anna@example.ru")
    publish("1.0", since=timedelta(days=2))
    assert missing(client) == "1.0"
    grant(client, ("personal_data", "1.0"))
    assert missing(client) is None
    publish("2.0", since=timedelta(days=1))
    assert missing(client) == "2.0"
    grant(client, ("personal_data", "2.0"))
    assert missing(client) is None
    assert missing(ensure(email="other@example.ru")) == "2.0"


def test_a_document_counts_from_the_day_it_is_in_force() -> None:
    client = ensure(email="anna@example.ru")
    publish("1.0")
    publish("2.0", since=timedelta(days=-5))
    grant(client, ("personal_data", "1.0"))
    assert missing(client) is None
    assert missing(client, timezone.now() + timedelta(days=6)) == "2.0"


def test_only_the_latest_act_counts() -> None:
    client = ensure(email="anna@example.ru")
    publish()
    grant(client, ("personal_data", "1.0"))
    withdraw(client)
    assert missing(client) == "1.0"
    grant(client, ("personal_data", "1.0"))
    assert missing(client) is None


def test_without_a_published_document_the_practice_is_told_so() -> None:
    client = ensure(email="anna@example.ru")
    with pytest.raises(facade.ConsentDocumentMissing):
        missing(client)
    publish("1.0", since=timedelta(days=-1))
    with pytest.raises(facade.ConsentDocumentMissing):
        missing(client)


def test_unknown_and_outdated_versions_are_refused_and_nothing_is_written() -> None:
    client = ensure(email="anna@example.ru")
    publish("1.0", since=timedelta(days=2))
    publish("2.0", since=timedelta(days=1))
    publish("3.0", since=timedelta(days=-1))
    publish("1.0", purpose="communications")
    with pytest.raises(facade.ConsentDocumentOutdated):
        grant(client, ("communications", "1.0"), ("personal_data", "1.0"))
    for unknown in ("3.0", "9.9", ""):
        with pytest.raises(facade.ConsentDocumentUnknown):
            grant(client, ("communications", "1.0"), ("personal_data", unknown))
    with pytest.raises(facade.ConsentDocumentUnknown):
        grant(client, ("everything", "1.0"))
    assert not Consent.objects.exists()


def test_an_act_repeats_what_was_agreed_to_and_hides_its_evidence() -> None:
    client = ensure(email="anna@example.ru")
    publish()
    grant(client, ("personal_data", "1.0"))
    act = Consent.objects.select_related("document").get()
    assert (act.version, act.sha256, act.status) == (act.document.version, act.document.sha256, "granted")
    assert act.evidence == {"ip": "192.0.2.1"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence FROM identity_consent")
        assert "192.0.2.1" not in cursor.fetchone()[0]


def test_granting_again_writes_nothing() -> None:
    client = ensure(email="anna@example.ru")
    publish()
    for _ in range(2):
        grant(client, ("personal_data", "1.0"), ("personal_data", "1.0"))
    assert Consent.objects.count() == 1


def test_asking_is_one_statement_and_granting_two() -> None:
    client = ensure(email="anna@example.ru")
    publish()
    publish("1.0", purpose="communications")
    with CaptureQueriesContext(connection) as queries:
        missing(client)
    assert len(queries) == 1
    person_keys().to_seal(client)
    with CaptureQueriesContext(connection) as queries:
        grant(client, ("personal_data", "1.0"), ("communications", "1.0"))
    work = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert work == ["SELECT", "INSERT"]
    with CaptureQueriesContext(connection) as queries:
        facade.client(client)
    assert len(queries) == 1


def test_publishing_the_same_text_again_changes_nothing_and_another_is_refused() -> None:
    from apps.identity.domain.consent import ConsentDocumentPublished

    now = timezone.now()
    arguments = {
        "purpose": "personal_data",
        "version": "1.0",
        "title": "Согласие",
        "legal": {},
        "effective_from": now,
        "actor": SYSTEM,
        "at": now,
    }
    assert facade.publish_consent_document(text="Текст", **arguments)
    assert not facade.publish_consent_document(text="Текст\n", **arguments)
    with pytest.raises(ConsentDocumentPublished):
        facade.publish_consent_document(text="Другой текст", **arguments)
    assert AuditRecord.objects.filter(action="consent_document_published").count() == 1
