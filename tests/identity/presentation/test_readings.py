"""The client sees how often their private texts were read: what, how many times, when; not who, nor why."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit import facade as audit
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.readings import READING, ReadingReason, reading
from tests.booking.factories import make_client, make_staff, signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/me/readings/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(client, kind: str = "intake_form", at: datetime = NOON, reason: str = "crisis") -> None:
    owner = Actor(user_id=uuid4(), role="owner")
    changes = reading(reason=ReadingReason(reason), client_id=client.pk)
    audit.record(actor=owner, action=READING, entity=kind, entity_id=str(uuid4()), at=at, changes=changes)


def test_each_kind_is_counted_with_its_last_time_in_one_statement() -> None:
    anna = make_client()
    for hours in range(3):
        read(anna, at=NOON + timedelta(hours=hours))
    read(anna, "session_notes")
    read(make_client())
    with CaptureQueriesContext(connection) as queries:
        assert [(each.kind, each.count, each.last_at) for each in audit.readings_of(anna.pk)] == [
            ("intake_form", 3, NOON + timedelta(hours=2)),
            ("session_notes", 1, NOON),
        ]
    assert len(queries) == 1


def test_the_client_sees_neither_who_nor_why() -> None:
    anna = make_client()
    read(anna)
    answer = signed_in(anna).get(ADDRESS)
    (row,) = answer.json()["results"]
    assert set(row) == {"kind", "title", "count", "last_at"}
    assert (row["title"], row["count"]) == ("Анкета", 1)
    assert "crisis" not in answer.content.decode()
    assert "owner" not in answer.content.decode()


def test_nothing_was_read_as_yet() -> None:
    assert signed_in(make_client()).get(ADDRESS).json()["results"] == []


def test_staff_and_guests_are_refused(client) -> None:
    assert signed_in(make_staff("owner")).get(ADDRESS).status_code == 403
    assert client.get(ADDRESS).status_code == 401
