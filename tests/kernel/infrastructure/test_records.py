"""Rows as records: in pages that neither lose nor repeat a row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.infrastructure.records import codes, in_pages, instant, money

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_rows(count: int) -> None:
    """Three rows a moment."""
    AuditRecord.objects.bulk_create(
        AuditRecord(at=NOON + timedelta(hours=number // 3), role="system", action="x", entity="y")
        for number in range(count)
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 10, 11])
def test_every_row_comes_once_and_in_order_though_moments_repeat(db, size):
    make_rows(10)
    expected = list(AuditRecord.objects.order_by("at", "id").values_list("id", flat=True))
    assert [row.pk for row in in_pages(AuditRecord.objects.all(), "at", "id", size=size)] == expected


def test_a_page_is_one_statement(db):
    make_rows(10)
    with CaptureQueriesContext(connection) as captured:
        list(in_pages(AuditRecord.objects.all(), "at", "id", size=4))
    assert len(captured) == 3


def test_nothing_is_read_before_it_is_asked_for(db):
    make_rows(10)
    with CaptureQueriesContext(connection) as captured:
        next(in_pages(AuditRecord.objects.all(), "at", "id", size=4))
    assert len(captured) == 1


def test_money_and_instants_read_as_the_api_tells_them():
    assert money(450_050) == {"amount": "4500.50", "currency": "RUB"}
    assert instant(NOON) == "2026-11-22T12:00:00+00:00"
    assert instant(None) is None
    assert codes("status", [("new", "новая")]) == {"status=new": "новая"}
