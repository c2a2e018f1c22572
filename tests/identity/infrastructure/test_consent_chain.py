"""The chain of consents: whole however many write at once, and telling whatever somebody touches."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.identity import facade
from apps.identity.domain.consent_chain import (
    ACT_COLUMNS,
    DESTRUCTION_COLUMNS,
    GENESIS,
    ChainProblem,
    PublishedHead,
)
from apps.identity.infrastructure.chain_guards import CHAIN_WHAT_THERE_IS
from apps.identity.infrastructure.consent_retention import destroy_old_consents
from apps.identity.infrastructure.repositories import consent_chain
from apps.identity.infrastructure.repositories.consent_chain import DjangoConsentChain
from apps.identity.models import Consent, ConsentDestruction, ConsentLink
from apps.kernel.infrastructure.encryption import person_keys
from tests.identity.consents import (
    age_chain,
    as_superuser,
    chain_now,
    grant,
    problems,
    publish,
    rebuild_chain,
    run,
    some_acts,
    verdict,
    withdraw,
)
from tests.identity.people import person

WRITERS, ACTS_EACH = 8, 6


def head_now() -> PublishedHead:
    found = verdict()
    return PublishedHead(seq=found.seq, head=found.head, at=timezone.now())


@pytest.mark.django_db
class TestTheChain:
    def test_each_act_is_a_link_over_the_one_before(self) -> None:
        some_acts()
        links = list(ConsentLink.objects.all())
        assert [link.seq for link in links] == [1, 2, 3]
        assert [link.previous_hash for link in links] == [GENESIS, links[0].hash, links[1].hash]
        assert {link.subject for link in links} == set(Consent.objects.values_list("uuid", flat=True))
        found = verdict()
        assert (found.holds, found.links, found.seq, found.head) == (True, 3, 3, links[-1].hash)

    def test_without_a_single_act_there_is_nothing_to_doubt(self) -> None:
        found = verdict()
        assert (found.holds, found.links, found.head) == (True, 0, GENESIS)

    def test_the_hashes_are_over_every_column(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_name = ANY(%s)",
                [["identity_consent", "identity_consentdestruction"]],
            )
            columns = set(cursor.fetchall())
        assert {name for table, name in columns if table == "identity_consent"} == set(ACT_COLUMNS)
        assert {name for table, name in columns if table == "identity_consentdestruction"} == set(
            DESTRUCTION_COLUMNS
        )

    def test_an_erased_person_leaves_a_chain_that_verifies(self) -> None:
        user_id = some_acts()
        assert person_keys().destroy(user_id, at=timezone.now())
        assert verdict().holds

    def test_acts_from_before_the_chain_are_chained_in_their_order(self) -> None:
        some_acts()
        with as_superuser():
            run("DELETE FROM identity_consentlink")
        run(CHAIN_WHAT_THERE_IS)
        assert verdict().holds
        in_order = Consent.objects.order_by("id").values_list("uuid", flat=True)
        assert list(ConsentLink.objects.values_list("subject", flat=True)) == list(in_order)

    def test_verifying_costs_a_statement_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        some_acts()
        monkeypatch.setattr(consent_chain, "PAGE", 2)
        with CaptureQueriesContext(connection) as statements:
            assert verdict().holds
        assert len([each for each in statements if "SAVEPOINT" not in each["sql"]]) == 2 + 2

    def test_links_are_nobodys_to_write(self) -> None:
        some_acts()
        age_chain("4 years")
        destroy_old_consents(timezone.now(), 100)
        chain_now()
        for table in ("identity_consentlink", "identity_consentdestruction"):
            for change in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"):
                column = "kind" if table.endswith("link") else "purpose"
                with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                    run(change.format(table, column, column))


CHANGES = {
    "id": "id + 1000",
    "uuid": "gen_random_uuid()",
    "purpose": "'telegram'",
    "version": "'9.9'",
    "sha256": "repeat('a', 64)",
    "status": "'declined'",
    "at": "at + interval '1 microsecond'",
    "channel": "'paper'",
    "evidence": "evidence || 'A'",
}


@pytest.mark.django_db
class TestWhoeverTouchesIt:
    @pytest.mark.parametrize("column", CHANGES)
    def test_a_changed_column_tells(self, column: str) -> None:
        some_acts()
        with as_superuser():
            run(
                f"UPDATE identity_consent SET {column} = {CHANGES[column]} WHERE uuid = "
                "(SELECT subject FROM identity_consentlink WHERE seq = 2)"
            )
        assert not verdict().holds

    def test_an_act_moved_to_another_person_or_document_tells(self) -> None:
        some_acts()
        other = person(email="other@example.ru").pk
        with as_superuser():
            run("UPDATE identity_consent SET user_id = %s WHERE status = 'withdrawn'", [other])
        assert problems() == {(ChainProblem.CONTENT_CHANGED, 3)}

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            ("UPDATE identity_consentlink SET content_hash = repeat('b', 64) WHERE seq = 2", "link_changed"),
            (
                "UPDATE identity_consentlink SET chained_at = chained_at - interval '1 day' WHERE seq = 2",
                "link_changed",
            ),
            ("UPDATE identity_consentlink SET hash = repeat('c', 64) WHERE seq = 2", "link_before_differs"),
            ("DELETE FROM identity_consentlink WHERE seq = 2", "number_missing"),
            ("DELETE FROM identity_consentlink WHERE seq = 3", "content_not_chained"),
            ("DELETE FROM identity_consent WHERE status = 'withdrawn'", "content_missing"),
            ("UPDATE identity_consentdocument SET text = 'другой'", "document_changed"),
            ("UPDATE identity_consentdocument SET sha256 = repeat('d', 64)", "document_differs"),
        ],
        ids=[
            "content hash",
            "time",
            "hash",
            "a link gone",
            "the last gone",
            "an act gone",
            "text",
            "its hash",
        ],
    )
    def test_a_touched_link_a_missing_row_a_changed_text_tell(self, change: str, found: str) -> None:
        some_acts()
        with as_superuser():
            run(change)
        assert found in {code for code, _ in problems()}

    def test_a_superuser_who_rebuilds_the_chain_is_told_by_the_published_head(self) -> None:
        some_acts()
        published = head_now()
        with as_superuser():
            run("UPDATE identity_consent SET status = 'granted' WHERE status = 'withdrawn'")
            rebuild_chain()
        assert verdict().holds  # by itself, it looks as if nothing had happened
        assert problems(published) == {(ChainProblem.HEAD_DIFFERS, 3)}

    def test_who_cuts_the_chain_short_is_told_by_the_published_head(self) -> None:
        some_acts()
        published = head_now()
        with as_superuser():
            run("DELETE FROM identity_consent WHERE status = 'withdrawn'")
            run("DELETE FROM identity_consentlink WHERE seq = 3")
        assert verdict().holds
        assert problems(published) == {(ChainProblem.SHORTER_THAN_PUBLISHED, 3)}

    def test_an_act_slipped_in_past_the_trigger_tells(self) -> None:
        some_acts()
        act = Consent.objects.filter(status="granted").first()
        act.pk, act.uuid = None, uuid4()
        with as_superuser():
            act.save(force_insert=True)
        assert problems() == {(ChainProblem.CONTENT_NOT_CHAINED, None)}


@pytest.mark.django_db
class TestDestruction:
    def test_acts_go_three_years_after_their_withdrawal_and_leave_their_links(self) -> None:
        user_id = some_acts()
        age_chain("3 years 1 day")
        grant(user_id, "communications")
        chain_now()
        assert destroy_old_consents(timezone.now(), 100) == 2
        chain_now()
        assert set(Consent.objects.values_list("purpose", "status")) == {
            ("personal_data", "granted"),
            ("communications", "granted"),
        }
        assert ConsentDestruction.objects.count() == 2
        assert list(ConsentLink.objects.values_list("kind", flat=True)) == ["act"] * 4 + ["destruction"] * 2
        found = verdict()
        assert (found.holds, found.destroyed, found.links) == (True, 2, 6)
        assert destroy_old_consents(timezone.now(), 100) == 0

    def test_nothing_goes_before_its_time(self) -> None:
        some_acts()
        age_chain("2 years 364 days")
        assert destroy_old_consents(timezone.now(), 100) == 0
        for purpose in ("communications", "personal_data"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                run("DELETE FROM identity_consent WHERE purpose = %s", [purpose])

    def test_a_withdrawal_with_an_old_date_written_today_ends_no_term(self) -> None:
        user_id = some_acts()
        age_chain("5 years")
        withdraw(user_id, "personal_data", at=timezone.now() - timedelta(days=4 * 365))
        chain_now()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            run("DELETE FROM identity_consent WHERE purpose = 'personal_data'")

    def test_a_withdrawal_goes_last(self) -> None:
        some_acts()
        age_chain("4 years")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            run("DELETE FROM identity_consent WHERE status = 'withdrawn'")

    def test_what_is_destroyed_without_a_word_tells(self) -> None:
        some_acts()
        age_chain("4 years")
        destroy_old_consents(timezone.now(), 100)
        chain_now()
        with as_superuser():
            run("DELETE FROM identity_consent")
        assert problems() == {(ChainProblem.CONTENT_MISSING, None)}

    def test_a_forged_destruction_of_a_young_act_tells(self) -> None:
        some_acts()
        run(
            "INSERT INTO identity_consentdestruction "
            "(id, consent, purpose, act_at, withdrawn_at, destroyed_at) "
            "SELECT gen_random_uuid(), uuid, purpose, at, at, now() FROM identity_consent "
            "WHERE purpose = 'personal_data'"
        )
        chain_now()
        with as_superuser():
            run("DELETE FROM identity_consent WHERE purpose = 'personal_data'")
        assert problems() == {(ChainProblem.DESTROYED_TOO_EARLY, 4)}


def write_at_once() -> list[str]:
    """Many people decide at once, each in transactions of their own; what was refused comes back."""
    publish()
    people = [person(email=f"{number}@example.ru").pk for number in range(WRITERS)]
    start = threading.Barrier(WRITERS)

    def decide(user_id: object) -> list[str]:
        refused = []
        try:
            start.wait(20)
            for number in range(ACTS_EACH):
                try:
                    if number % 2:
                        withdraw(user_id, "telegram")
                    else:
                        grant(user_id, "telegram", *(["communications", "health_data"] if not number else []))
                except Exception as error:  # noqa: BLE001 - told to the test
                    refused.append(type(error).__name__)
        finally:
            connections.close_all()
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        return [each for refused in pool.map(decide, people) for each in refused]


@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    def test_leave_one_unbroken_chain(self) -> None:
        assert write_at_once() == []
        acts = WRITERS * (ACTS_EACH + 2)
        found = verdict()
        assert (found.holds, found.links, found.seq) == (True, acts, acts)

    def test_without_the_lock_the_constraints_refuse_a_fork(self, chain_without_its_lock: None) -> None:
        refused = write_at_once()
        assert "IntegrityError" in refused
        assert verdict().holds

    def test_without_lock_and_constraints_they_would_fork_it(
        self, chain_without_its_lock: None, links_without_constraints: None
    ) -> None:
        write_at_once()
        assert not verdict().holds


@pytest.fixture
def chain_without_its_lock():
    """The chain's function with a pause where its lock was, so that writers meet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('identity_append_link'::regproc)")
        real = cursor.fetchone()[0]
        lock = "PERFORM pg_advisory_xact_lock(hashtextextended('chain of consents', 0));"
        assert lock in real
        unlocked = real.replace(lock, "").replace(
            "moment := clock_timestamp();", "moment := clock_timestamp(); PERFORM pg_sleep(0.002);"
        )
        cursor.execute(unlocked)
    yield
    with connection.cursor() as cursor:
        cursor.execute(real)


@pytest.fixture
def links_without_constraints():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE identity_consentlink DROP CONSTRAINT identity_consentlink_pkey")
        for column in ("previous_hash", "hash"):
            cursor.execute(
                f"ALTER TABLE identity_consentlink DROP CONSTRAINT identity_consentlink_{column}_key"
            )
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE identity_consentlink DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM identity_consentlink")
        cursor.execute("ALTER TABLE identity_consentlink ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE identity_consentlink ADD PRIMARY KEY (seq)")
        for column in ("previous_hash", "hash"):
            cursor.execute(
                f"ALTER TABLE identity_consentlink ADD CONSTRAINT identity_consentlink_{column}_key "
                f"UNIQUE ({column})"
            )


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_leaves_no_number_out() -> None:
    publish("telegram")
    with transaction.atomic():
        grant(person(email="one@example.ru").pk, "telegram")
        transaction.set_rollback(True)
    grant(person(email="two@example.ru").pk, "telegram")
    assert [link.seq for link in DjangoConsentChain().links()] == [1]
    assert verdict().holds


@pytest.mark.django_db(transaction=True)
def test_who_relies_on_a_consent_has_finished_before_it_is_withdrawn() -> None:
    """A booking that has looked commits first: whoever hears of the withdrawal sees it."""
    publish("personal_data")
    user_id = person().pk
    grant(user_id, "personal_data")
    relies, finished = threading.Event(), threading.Event()
    order: list[str] = []

    def book() -> None:
        try:
            with transaction.atomic():
                now = timezone.now()
                assert facade.missing_consent(user_id=user_id, purpose="personal_data", at=now) is None
                relies.set()
                finished.wait(0.3)
                order.append("booked")
        finally:
            connections.close_all()

    def take_back() -> None:
        try:
            relies.wait(20)
            withdraw(user_id)
            order.append("withdrawn")
            finished.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for each in (pool.submit(book), pool.submit(take_back)):
            each.result()
    assert order == ["booked", "withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_of_many_withdrawals_at_once_one_is_written() -> None:
    publish("personal_data")
    user_id = person().pk
    grant(user_id, "personal_data")
    start = threading.Barrier(WRITERS)

    def take_back(_number: int) -> str:
        try:
            start.wait(20)
            withdraw(user_id)
        except facade.ConsentNotGiven as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "withdrawn"

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(take_back, range(WRITERS)))
    assert sorted(answers) == ["consent_not_given"] * (WRITERS - 1) + ["withdrawn"]
    assert Consent.objects.filter(status="withdrawn").count() == 1
