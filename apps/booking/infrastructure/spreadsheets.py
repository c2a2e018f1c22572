"""Tables out of files that people upload: xlsx and csv, read within fixed bounds of size and memory."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.cell import ReadOnlyCell

from apps.kernel.domain.errors import DomainError, gettext_noop

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 16 * 1024 * 1024
MAX_MEMBERS = 200
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MAX_CELL = 10_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "cp1251")


class UnreadableFile(DomainError):
    """The file is not a table that may be read; nothing of it has been used."""

    code = "unreadable_file"
    message = gettext_noop("The file could not be read: it is damaged or is no xlsx or csv table.")


class FileTooLarge(UnreadableFile):
    code = "file_too_large"
    message = gettext_noop("The file is too large: at most %(limit)s MB.")


class TooManyRows(UnreadableFile):
    code = "too_many_rows"
    message = gettext_noop("The table is too long: at most %(limit)d rows. Split it into several files.")


class TooManyColumns(UnreadableFile):
    code = "too_many_columns"
    message = gettext_noop("The table is too wide: at most %(limit)d columns.")


class OldExcelFormat(UnreadableFile):
    code = "old_excel_format"
    message = gettext_noop("This is an old Excel file (xls). Save it as xlsx or csv and try again.")


class SuspiciousFile(UnreadableFile):
    code = "suspicious_file"
    message = gettext_noop(
        "The file has been refused: it unpacks to far more than a table needs, or hides instructions in it."
    )


class UnknownEncoding(UnreadableFile):
    code = "unknown_encoding"
    message = gettext_noop("The letters of the file cannot be read. Save it as “CSV UTF-8” or as xlsx.")


class EmptyTable(UnreadableFile):
    code = "empty_table"
    message = gettext_noop("The table is empty: it needs a row of headings and at least one row below.")


class HeadingMissing(UnreadableFile):
    code = "heading_missing"
    message = gettext_noop(
        "Column %(column)s has no heading. Headings stand in the first row, one a cell; unmerge cells."
    )


class HeadingTwice(UnreadableFile):
    code = "heading_twice"
    message = gettext_noop("The heading “%(heading)s” stands in two columns.")


@dataclass(frozen=True)
class Line:
    """A row that is not empty. ``number`` is its row in the file, ``formulas`` are headings of formulas."""

    number: int
    values: dict[str, str]
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(content: bytes, *, max_rows: int = MAX_ROWS) -> Table:
    """Cells as text: dates as ISO, numbers without trailing zeros. Raises a subclass of UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge(limit=MAX_BYTES // 1024 // 1024)
    if content.startswith(_OLD_EXCEL):
        raise OldExcelFormat
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    table = _table(rows)
    if len(table.lines) > max_rows:
        raise TooManyRows(limit=max_rows)
    return table


def _table(rows: Iterator[list[tuple[str, bool]]]) -> Table:
    first = next(rows, None)
    if first is None:
        raise EmptyTable
    while first and not first[-1][0]:
        first.pop()
    headings = [" ".join(text.split()) for text, _formula in first]
    for position, heading in enumerate(headings):
        if not heading:
            raise HeadingMissing(column=_letters(position))
        if heading in headings[:position]:
            raise HeadingTwice(heading=heading[:60])
    lines = []
    for number, row in enumerate(rows, start=2):
        if number > MAX_ROWS + 1:
            raise TooManyRows(limit=MAX_ROWS)
        if any(text for text, _formula in row[len(headings) :]):
            raise HeadingMissing(column=_letters(len(headings)))
        values = {heading: text for heading, (text, _formula) in zip(headings, row, strict=False)}
        if any(values.values()):
            formulas = tuple(
                heading for heading, (_text, formula) in zip(headings, row, strict=False) if formula
            )
            lines.append(Line(number, values, formulas))
    if not headings or not lines:
        raise EmptyTable
    return Table(tuple(headings), tuple(lines))


def _csv_rows(content: bytes) -> Iterator[list[tuple[str, bool]]]:
    text = _decoded(content)
    first_line = text.partition("\n")[0]
    delimiter = max(";,\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for count, row in enumerate(reader):
            if count > MAX_ROWS:
                if any(cell.strip() for cell in row):
                    raise TooManyRows(limit=MAX_ROWS)
                continue
            yield _checked(row)
    except csv.Error as error:
        raise UnreadableFile from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableFile
        return text
    raise UnknownEncoding


def _checked(row: Sequence[str]) -> list[tuple[str, bool]]:
    while row and not row[-1].strip():
        row = row[:-1]
    if len(row) > MAX_COLUMNS:
        raise TooManyColumns(limit=MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in row):
        raise UnreadableFile
    return [(cell.strip(), cell.lstrip().startswith("=")) for cell in row]


def _xlsx_rows(content: bytes) -> Iterator[list[tuple[str, bool]]]:
    _ensure_harmless(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # The size that a file claims for its sheet may be false.
        sheet.reset_dimensions()
        for count, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)):
            cells = [_cell(each) for each in row]
            while cells and not cells[-1][0]:
                cells.pop()
            if count > MAX_ROWS and cells:
                raise TooManyRows(limit=MAX_ROWS)
            if len(cells) > MAX_COLUMNS:
                raise TooManyColumns(limit=MAX_COLUMNS)
            if any(len(text) > MAX_CELL for text, _formula in cells):
                raise UnreadableFile
            yield cells
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile from error


def _ensure_harmless(content: bytes) -> None:
    """No bomb (the sizes that an archive declares bound what is read of it), no XML with a DOCTYPE."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
                raise SuspiciousFile
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _ensure_plain_xml(archive.read(member))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UnreadableFile from error
    except expat.ExpatError as error:
        raise UnreadableFile from error


def _ensure_plain_xml(content: bytes) -> None:
    """Whatever the encoding, a document type (and so any entity) is refused before it is expanded."""

    def refuse(*_declaration: object) -> None:
        raise SuspiciousFile

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)


def _cell(cell: ReadOnlyCell) -> tuple[str, bool]:
    value = cell.value
    formula = cell.data_type == "f"
    if value is None:
        return "", formula
    if isinstance(value, bool):
        return ("1" if value else "0"), formula
    if isinstance(value, datetime):
        midnight = value.time() == time.min
        return (value.date().isoformat() if midnight else f"{value:%Y-%m-%d %H:%M}"), formula
    if isinstance(value, date):
        return value.isoformat(), formula
    if isinstance(value, time):
        return f"{value:%H:%M}", formula
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}", formula
    return str(value).replace("\0", "").strip(), formula or str(value).lstrip().startswith("=")


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
