"""People who consent, and hands that reach behind the guards of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.identity import facade, wiring
from apps.identity.domain.consent import Purpose
from apps.identity.domain.consent_chain import ChainProblem, PublishedHead, Verdict
from apps.kernel.domain.actor import SYSTEM
from tests.identity.people import person

PROOF = {"ip": "192.0.2.1", "user_agent": "Firefox"}
LEGAL = {
    name: f"{name}…"
    for name in (
        "subject",
        "operator",
        "aim",
        "data",
        "processors",
        "actions",
        "term_and_withdrawal",
        "signature",
    )
}


def publish(*purposes: str, version: str = "1.0", since: timedelta = timedelta(days=1)) -> None:
    """Texts in force since ``since`` ago; of every purpose unless some are named."""
    now = timezone.now()
    for purpose in purposes or [each.value for each in Purpose]:
        facade.publish_consent_document(
            purpose=purpose,
            version=version,
            title=f"Согласие {purpose} {version}",
            text=f"Текст {purpose} {version}",
            legal=LEGAL,
            effective_from=now - since,
            actor=SYSTEM,
            at=now,
        )


def grant(user_id: UUID, *purposes: str, version: str = "1.0", at: datetime | None = None) -> None:
    facade.grant_consents(
        user_id=user_id,
        grants=[(purpose, version) for purpose in purposes],
        channel="web",
        evidence=PROOF,
        at=at or timezone.now(),
    )


def decline(user_id: UUID, *purposes: str, version: str = "1.0") -> None:
    facade.decline_consents(
        user_id=user_id,
        declines=[(purpose, version) for purpose in purposes],
        channel="web",
        evidence=PROOF,
        at=timezone.now(),
    )


def withdraw(user_id: UUID, purpose: str = "personal_data", *, at: datetime | None = None) -> None:
    facade.withdraw_consent(
        user_id=user_id, purpose=purpose, channel="web", evidence=PROOF, at=at or timezone.now()
    )


def some_acts() -> UUID:
    """A person's three acts, chained; returns who it is."""
    publish("personal_data", "communications")
    user_id: UUID = person().pk
    grant(user_id, "personal_data", "communications")
    withdraw(user_id, "communications")
    chain_now()
    return user_id


def chain_now() -> None:
    """What COMMIT would do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('identity.chaining', 'no', true)")


def verdict(*heads: PublishedHead) -> Verdict:
    return wiring.verify_consents()(heads=heads)


def problems(*heads: PublishedHead) -> set[tuple[ChainProblem, int | None]]:
    return {(each.code, each.seq) for each in verdict(*heads).problems}


@contextmanager
def as_superuser() -> Iterator[None]:
    """No trigger fires inside: what whoever owns the server can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def run(sql: str, parameters: list[object] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def rebuild_chain() -> None:
    """Number and hash all links anew over the contents as they are now, as a forger would."""
    run("""
        DO $$
        DECLARE
            old record;
        BEGIN
            CREATE TEMP TABLE before ON COMMIT DROP AS TABLE identity_consentlink;
            DELETE FROM identity_consentlink;
            FOR old IN SELECT * FROM before ORDER BY seq LOOP
                PERFORM identity_append_link(old.kind, old.subject, coalesce(
                    (SELECT identity_content_hash(act) FROM identity_consent AS act WHERE uuid = old.subject),
                    old.content_hash
                ));
            END LOOP;
            DROP TABLE before;
        END $$
    """)


def age_chain(by: str) -> None:
    """Let the acts and links be older by ``by`` (an interval), the chain whole."""
    with as_superuser():
        run(f"UPDATE identity_consent SET at = at - interval '{by}'")
        run(f"UPDATE identity_consentlink SET chained_at = chained_at - interval '{by}'")
        run("""
            DO $$
            DECLARE
                link record;
                before text := repeat('0', 64);
            BEGIN
                FOR link IN SELECT * FROM identity_consentlink ORDER BY seq LOOP
                    UPDATE identity_consentlink AS each SET
                        content_hash = coalesce(
                            (SELECT identity_content_hash(act) FROM identity_consent AS act
                             WHERE uuid = link.subject), each.content_hash),
                        previous_hash = before
                    WHERE seq = link.seq;
                    UPDATE identity_consentlink AS each SET hash = encode(sha256(identity_canonical(
                        'link/1', each.seq::text, each.kind, each.subject::text, each.content_hash,
                        each.previous_hash, identity_micros(each.chained_at))), 'hex')
                    WHERE seq = link.seq RETURNING hash INTO before;
                END LOOP;
            END $$
        """)
