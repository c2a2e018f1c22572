"""What the audit log hands out about a person: what they did, and how often their texts were read."""

from datetime import UTC, datetime
from uuid import uuid4

from apps.audit import facade as audit
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.readings import READING, ReadingReason, reading
from tests.booking.factories import make_client
from tests.client_cabinet.exports import records_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_person_gets_what_they_did_and_nobody_elses_doings(db):
    client, other = make_client(), make_client()
    for person in (client, other):
        audit.record(
            actor=Actor(user_id=person.pk, role="client", ip="192.0.2.7", user_agent="Browser"),
            action="signed_in",
            entity="user",
            entity_id=str(person.pk),
            at=NOON,
        )
    assert records_of("activity", client) == [
        {
            "at": NOON.isoformat(),
            "action": "signed_in",
            "entity": "user",
            "entity_id": str(client.pk),
            "changes": {},
            "ip": "192.0.2.7",
            "user_agent": "Browser",
        }
    ]


def test_readings_are_counted_without_telling_who_or_why(db):
    client = make_client()
    owner = Actor(user_id=uuid4(), role="owner", ip="192.0.2.9")
    for reason in (ReadingReason.CRISIS, ReadingReason.PREPARATION):
        audit.record(
            actor=owner,
            action=READING,
            entity="intake_form",
            entity_id=str(uuid4()),
            at=NOON,
            changes=reading(reason=reason, client_id=client.pk),
        )
    counted = {"kind": "intake_form", "count": 2, "last_at": NOON.isoformat()}
    assert records_of("readings", client) == [counted]
    assert records_of("readings", make_client()) == []
