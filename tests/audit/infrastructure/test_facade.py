"""Writing the log: one INSERT, plain values, nothing that breaks it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit import facade
from apps.audit.models import AuditRecord
from apps.kernel.domain.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Colour(StrEnum):
    GREEN = "green"


def test_a_record_names_who_did_what_to_which_thing_and_when() -> None:
    actor = Actor(user_id=uuid4(), role="owner", ip="192.0.2.1", user_agent="Firefox")
    with CaptureQueriesContext(connection) as queries:
        facade.record(
            actor=actor,
            action="service_changed",
            entity="service",
            entity_id="17",
            at=NOON,
            changes={"price": ("4500.00", "5000.00")},
        )
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]
    record = AuditRecord.objects.get()
    assert (record.actor_id, record.role, record.ip, record.user_agent) == (
        actor.user_id,
        "owner",
        "192.0.2.1",
        "Firefox",
    )
    assert (record.action, record.entity, record.entity_id, record.at) == (
        "service_changed",
        "service",
        "17",
        NOON,
    )
    assert record.changes == {"price": ["4500.00", "5000.00"]}


def test_values_of_every_kind_become_json() -> None:
    thing = uuid4()
    facade.record(
        actor=SYSTEM,
        action="tested",
        entity="test",
        entity_id="1",
        at=NOON,
        changes={
            "number": (None, 3),
            "amount": (Decimal("1.50"), Decimal("2.00")),
            "day": (date(2026, 12, 1), NOON),
            "id": (None, thing),
            "colour": (None, Colour.GREEN),
            "list": ((), [1, thing]),
            "map": ({}, {1: True}),
            "other": (None, object),
        },
    )
    changes = AuditRecord.objects.get().changes
    assert changes["amount"] == ["1.50", "2.00"]
    assert changes["day"] == ["2026-12-01", "2026-12-01T12:00:00Z"]
    assert changes["id"] == [None, str(thing)]
    assert changes["colour"] == [None, "green"]
    assert changes["list"] == [[], [1, str(thing)]]
    assert changes["map"] == [{}, {"1": True}]
    assert changes["other"] == [None, "<class 'object'>"]


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("nonsense", None),
    ],
)
def test_an_address_that_is_none_is_left_out(ip: str, kept: str | None) -> None:
    actor = Actor(user_id=None, role="guest", ip=ip, user_agent="x" * 1000 + "\0")
    facade.record(actor=actor, action="tested", entity="test", entity_id="1", at=NOON)
    record = AuditRecord.objects.get()
    assert record.ip == kept
    assert len(record.user_agent) == 400


def test_a_record_goes_when_the_change_is_rolled_back() -> None:
    with transaction.atomic():
        facade.record(actor=SYSTEM, action="tested", entity="test", entity_id="1", at=NOON)
        transaction.set_rollback(True)
    assert not AuditRecord.objects.exists()


def test_a_record_outlives_the_account_it_names() -> None:
    facade.record(
        actor=Actor(user_id=uuid4(), role="owner"), action="tested", entity="test", entity_id="1", at=NOON
    )
    assert AuditRecord.objects.select_related("actor").get().role == "owner"
