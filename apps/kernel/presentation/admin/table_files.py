"""Tables as files: xlsx and csv whose cells no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
_NUMBER_FORMATS = ((datetime, "dd.mm.yyyy hh:mm"), (date, "dd.mm.yyyy"), (Decimal, "#,##0.00"))


def neutral(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that looks like it."""
    if not isinstance(value, str):
        return value
    text = value.translate(_UNPRINTABLE)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def as_xlsx(headings: list[str], lines: Iterable[list[Any]], *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=title[:1].upper() + title[1:31])
    sheet.freeze_panes = "A2"
    for position, heading in enumerate(headings):
        width = max(12, min(len(heading) + 4, 40))
        sheet.column_dimensions[get_column_letter(position + 1)].width = width
    bold = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, value=heading)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    number_format = next((text for kind, text in _NUMBER_FORMATS if isinstance(value, kind)), None)
    if number_format is None and not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if number_format:
        cell.number_format = number_format
    elif isinstance(value, str):
        cell.data_type = "s"
    return cell


def as_csv(headings: list[str], lines: Iterable[list[Any]], *, title: str) -> bytes:
    """With the mark and the semicolons by which a Russian Excel opens it in columns."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_text(value) for value in line] for line in lines)
    return ("\N{ZERO WIDTH NO-BREAK SPACE}" + stream.getvalue()).encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    return str(value)
