"""Data keys of people: one for each, wrapped outside the database's reach, gone for good when destroyed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.kernel.application.ports import DecryptionFailed, KeyDestroyed, Place
from apps.kernel.infrastructure.encryption import data_keys as store
from apps.kernel.infrastructure.encryption.data_keys import PostgresPersonKeys
from apps.kernel.infrastructure.encryption.envelope import EnvelopeEncryptionService, key_id_of
from apps.kernel.models import PersonKey
from tests.kernel.infrastructure.encryption.rings import NEW, OLD, envelope, keys_under, somewhere

pytestmark = pytest.mark.django_db(transaction=True)


def of(person: UUID | None) -> Place:
    return replace(somewhere(), person=person)


def service_over(keys: PostgresPersonKeys) -> EnvelopeEncryptionService:
    return EnvelopeEncryptionService(keys)


@pytest.fixture
def statements() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured


def test_each_person_has_one_key_and_no_open_one_is_in_the_table() -> None:
    service, place, other = envelope(), somewhere(), somewhere()
    tokens = [service.encrypt("тревога", place=place) for _ in range(3)]
    key = service._keys.to_seal(place.person)
    assert {key_id_of(token) for token in tokens} == {key.id}
    assert key_id_of(service.encrypt("тревога", place=other)) != key.id
    row = PersonKey.objects.get(person=place.person)
    assert (row.id, row.generation, row.destroyed_at) == (key.id, "2026-11", None)
    assert len(bytes(row.wrapped)) == 12 + 32 + 16
    assert "AESGCM" not in str(row)


def test_a_process_with_other_or_no_keys_opens_nothing() -> None:
    place = somewhere()
    token = envelope(NEW).encrypt("тревога", place=place)
    same_name_other_key = NEW.split(":")[0] + ":" + OLD.split(":")[1]
    for keys in ([OLD], [same_name_other_key]):
        with pytest.raises(DecryptionFailed):
            envelope(*keys).decrypt(token, place=place)
    assert envelope(OLD, NEW).decrypt(token, place=place) == "тревога"


def test_a_wrapped_key_opens_for_its_own_person_only() -> None:
    service, mine, theirs = envelope(), somewhere(), somewhere()
    service.encrypt("моё", place=mine)
    service.encrypt("чужое", place=theirs)
    stolen = PersonKey.objects.get(person=mine.person)
    PersonKey.objects.filter(person=theirs.person).update(wrapped=stolen.wrapped)
    with pytest.raises(DecryptionFailed):
        envelope().encrypt("ещё", place=theirs)


def test_a_known_person_costs_one_statement_and_then_none(statements: CaptureQueriesContext) -> None:
    place = somewhere()
    token = envelope().encrypt("тревога", place=place)
    fresh = envelope()
    for expected, step in ((1, "decrypt"), (0, "decrypt"), (0, "encrypt")):
        before = len(statements)
        fresh.decrypt(token, place=place) if step == "decrypt" else fresh.encrypt("ещё", place=place)
        assert len(statements) - before == expected
    before = len(statements)
    envelope().encrypt("ещё", place=place)
    assert len(statements) - before == 1


def test_a_new_person_costs_one_statement(statements: CaptureQueriesContext) -> None:
    service, place = envelope(), somewhere()
    before = len(statements)
    service.encrypt("тревога", place=place)
    service.encrypt("ещё", place=place)
    assert len(statements) - before == 1


def test_keys_of_many_people_are_read_in_one_statement(statements: CaptureQueriesContext) -> None:
    places = [somewhere() for _ in range(25)] + [of(None)]
    tokens = [envelope().encrypt("тревога", place=place) for place in places]
    fresh = envelope()
    before = len(statements)
    fresh.preload(place.person for place in places)
    for token, place in zip(tokens, places, strict=True):
        assert fresh.decrypt(token, place=place) == "тревога"
    fresh.preload(place.person for place in places)
    assert len(statements) - before == 1


def test_a_key_leaves_the_memory_after_a_while_and_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch, statements: CaptureQueriesContext
) -> None:
    clock = [1_000.0]
    keys = PostgresPersonKeys(keys_under(NEW)._ring, clock=lambda: clock[0])
    monkeypatch.setattr(store, "KEPT_AT_MOST", 3)
    people = [uuid4() for _ in range(4)]
    for person in people:
        keys.to_seal(person)
    assert len(keys._kept) == 3
    before = len(statements)
    keys.to_seal(people[3])
    assert len(statements) == before
    clock[0] += store.KEPT_SECONDS + 1
    keys.to_seal(people[3])
    assert len(statements) == before + 1
    keys.forget_all()
    assert not keys._kept


def test_a_key_that_was_rolled_back_seals_nothing_afterwards() -> None:
    service, place = envelope(), somewhere()
    with transaction.atomic():
        service.encrypt("пропало", place=place)
        transaction.set_rollback(True)
    token = service.encrypt("тревога", place=place)
    assert elsewhere_decrypt(token, place) == "тревога"


def test_a_key_of_a_savepoint_that_was_rolled_back_is_gone_too() -> None:
    service, place, kept = envelope(), somewhere(), somewhere()
    with transaction.atomic():
        first = service.encrypt("остаётся", place=kept)
        with transaction.atomic():
            service.encrypt("пропало", place=place)
            transaction.set_rollback(True)
        token = service.encrypt("тревога", place=place)
        second = service.encrypt("остаётся", place=kept)
    assert elsewhere_decrypt(token, place) == "тревога"
    assert elsewhere_decrypt(first, kept) == elsewhere_decrypt(second, kept) == "остаётся"


def test_inside_its_transaction_a_new_key_costs_nothing_more(statements: CaptureQueriesContext) -> None:
    service, place = envelope(), somewhere()
    with transaction.atomic():
        token = service.encrypt("тревога", place=place)
        before = len(statements)
        assert service.decrypt(token, place=place) == "тревога"
        service.encrypt("ещё", place=place)
        assert len(statements) == before
        assert not service._keys._kept
    assert place.person in service._keys._kept


def test_of_many_who_make_a_key_at_once_one_wins_and_all_use_it() -> None:
    place = somewhere()
    barrier = threading.Barrier(6)

    def seal() -> str:
        try:
            barrier.wait(timeout=10)
            with transaction.atomic():
                return envelope().encrypt("тревога", place=place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        tokens = [each.result() for each in [pool.submit(seal) for _ in range(6)]]
    assert PersonKey.objects.filter(person=place.person).count() == 1
    assert [envelope().decrypt(token, place=place) for token in tokens] == ["тревога"] * 6


class TestDestroyedKeys:
    def test_what_it_sealed_is_lost_and_no_new_key_is_ever_made(self) -> None:
        keys, place = keys_under(NEW), somewhere()
        service = service_over(keys)
        token = service.encrypt("тревога", place=place)
        assert keys.destroy(place.person, at=timezone.now())
        for each in (service, envelope()):
            with pytest.raises(KeyDestroyed):
                each.decrypt(token, place=place)
            with pytest.raises(KeyDestroyed):
                each.encrypt("снова", place=place)
        assert not keys.destroy(place.person, at=timezone.now())
        row = PersonKey.objects.get(person=place.person)
        assert row.wrapped is None
        assert row.destroyed_at is not None

    def test_a_person_without_a_key_never_gets_one_either(self) -> None:
        keys, place = keys_under(NEW), somewhere()
        assert not keys.destroy(place.person, at=timezone.now())
        with pytest.raises(KeyDestroyed):
            envelope().encrypt("тревога", place=place)

    def test_a_destruction_that_is_rolled_back_did_not_happen(self) -> None:
        keys, place = keys_under(NEW), somewhere()
        token = service_over(keys).encrypt("тревога", place=place)
        with transaction.atomic():
            keys.destroy(place.person, at=timezone.now())
            transaction.set_rollback(True)
        assert service_over(keys).decrypt(token, place=place) == "тревога"

    def test_a_key_made_and_destroyed_in_one_transaction_is_gone_at_once(self) -> None:
        keys, place = keys_under(NEW), somewhere()
        service = service_over(keys)
        with transaction.atomic():
            token = service.encrypt("тревога", place=place)
            assert keys.destroy(place.person, at=timezone.now())
            with pytest.raises(KeyDestroyed):
                service.decrypt(token, place=place)
        with pytest.raises(KeyDestroyed):
            service.decrypt(token, place=place)

    def test_what_another_reader_remembers_while_it_is_destroyed_is_forgotten_at_the_commit(self) -> None:
        keys, place = keys_under(NEW), somewhere()
        token = service_over(keys).encrypt("тревога", place=place)
        with transaction.atomic():
            keys.destroy(place.person, at=timezone.now())
            assert elsewhere_decrypt(token, place, service_over(keys)) == "тревога"  # not committed yet
        with pytest.raises(KeyDestroyed):
            service_over(keys).decrypt(token, place=place)

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM kernel_personkey WHERE person = %s",
            "UPDATE kernel_personkey SET wrapped = '\\x00', destroyed_at = NULL WHERE person = %s",
            "UPDATE kernel_personkey SET person = NULL WHERE person = %s",
        ],
        ids=["delete", "revive", "disown"],
    )
    def test_the_database_refuses_to_forget_it(self, statement: str) -> None:
        person = uuid4()
        keys_under(NEW).destroy(person, at=timezone.now())
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(statement, [person])

    def test_the_practice_keeps_its_own(self) -> None:
        keys_under(NEW).to_seal(None)
        with pytest.raises(IntegrityError):
            PersonKey.objects.filter(person=None).update(wrapped=None, destroyed_at=timezone.now())


def elsewhere_decrypt(token: str, place: Place, service: EnvelopeEncryptionService | None = None) -> str:
    """What a process that has just started, or another thread of this one, reads."""

    def read() -> str:
        try:
            return (service or envelope()).decrypt(token, place=place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(read).result()
