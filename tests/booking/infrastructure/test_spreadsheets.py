"""Uploaded tables: what is read of them, and which files are refused before they can do harm."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from apps.booking.infrastructure.spreadsheets import (
    MAX_BYTES,
    MAX_ROWS,
    EmptyTable,
    FileTooLarge,
    HeadingMissing,
    HeadingTwice,
    OldExcelFormat,
    SuspiciousFile,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
    read_table,
)

HEADINGS = ["Дата", "Что"]


def xlsx(*rows, merge: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_member(content: bytes, name: str, member: bytes) -> bytes:
    """The archive with one member replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, member if info.filename == name else old.read(info))
        if name not in old.namelist():
            new.writestr(name, member)
    return out.getvalue()


def values(content: bytes) -> list[dict[str, str]]:
    return [line.values for line in read_table(content).lines]


class TestWhatIsRead:
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
    def test_csv_as_different_programs_write_it(self, delimiter, encoding):
        text = f'Дата{delimiter}Что\r\n31.12.2026{delimiter}" выходной "\r\n\r\n'
        assert values(text.encode(encoding)) == [{"Дата": "31.12.2026", "Что": "выходной"}]

    def test_csv_with_line_breaks_in_its_cells(self):
        assert values('Дата;Что\n1;"раз\nдва"'.encode()) == [{"Дата": "1", "Что": "раз\nдва"}]

    def test_xlsx_with_dates_times_and_numbers(self):
        rows = [
            HEADINGS,
            [date(2026, 12, 31), time(9, 30)],
            [datetime(2026, 12, 31, 9, 30), 4500.5],  # noqa: DTZ001 - spreadsheets know no time zones
            [50.0, True],
            [None, None],
            ["", "x"],
        ]
        assert values(xlsx(*rows)) == [
            {"Дата": "2026-12-31", "Что": "09:30"},
            {"Дата": "2026-12-31 09:30", "Что": "4500.5"},
            {"Дата": "50", "Что": "1"},
            {"Дата": "", "Что": "x"},
        ]

    def test_the_rows_numbers_are_those_of_the_file(self):
        assert [line.number for line in read_table(b"a\n1\n\n2").lines] == [2, 4]

    def test_formulas_are_noticed_and_not_computed(self):
        for content in (xlsx(["a", "b"], ["=1+1", "x"]), b"a;b\n=1+1;x"):
            [line] = read_table(content).lines
            assert (line.values["a"], line.formulas) == ("=1+1", ("a",))


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", EmptyTable),
            (b"\xef\xbb\xbf", EmptyTable),
            ("Дата;Что".encode(), EmptyTable),
            (b"\n\n\n", EmptyTable),
            (b"a;;b\n1;2;3", HeadingMissing),
            (b"a;b\n1;2;3", HeadingMissing),
            (b"a;b;a\n1;2;3", HeadingTwice),
            (b"a;b\n\x00;1", UnreadableFile),
            (b'a;b\n"1;2', UnreadableFile),
            (b"a\n" + b"x" * 10_001, UnreadableFile),
            (b"a\n" * (MAX_ROWS + 2), TooManyRows),
            (b";".join(b"%d" % number for number in range(61)) + b"\n1", TooManyColumns),
            (b"x" * (MAX_BYTES + 1), FileTooLarge),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldExcelFormat),
            (b"PK\x03\x04 broken", UnreadableFile),
            (b"PK", UnreadableFile),
            (b"\xff\xfe\x00", UnreadableFile),
            (bytes(range(256)), UnreadableFile),
        ],
    )
    def test_with_its_reason(self, content, error):
        with pytest.raises(error):
            read_table(content)

    def test_merged_headings(self):
        with pytest.raises(HeadingMissing) as refusal:
            read_table(xlsx(["Дата", "Что", "С"], ["1", "2", "3"], merge="A1:B1"))
        assert refusal.value.params == {"column": "B"}

    def test_xlsx_that_is_cut_off_or_no_workbook(self):
        whole = xlsx(HEADINGS, ["1", "2"])
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("readme.txt", "no workbook")
        for content in (
            whole[: len(whole) // 2],
            other.getvalue(),
            with_member(whole, "xl/workbook.xml", b"<x"),
        ):
            with pytest.raises(UnreadableFile):
                read_table(content)

    def test_xlsx_with_too_many_rows_or_columns(self):
        with pytest.raises(TooManyRows):
            read_table(xlsx(*[["a"]] * (MAX_ROWS + 2)))
        with pytest.raises(TooManyColumns):
            read_table(xlsx(list(range(61)), ["1"]))

    def test_a_bomb_within_bounded_memory(self):
        bomb = with_member(xlsx(HEADINGS, ["1", "2"]), "xl/sharedStrings.xml", b" " * 200_000_000)
        assert len(bomb) < MAX_BYTES
        tracemalloc.start()
        with pytest.raises(SuspiciousFile):
            read_table(bomb)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20_000_000

    def test_a_bomb_that_lies_about_its_size(self):
        bomb = with_member(xlsx(HEADINGS, ["1", "2"]), "xl/sharedStrings.xml", b" " * 50_000_000)
        claimed = (50_000_000).to_bytes(4, "little")
        with pytest.raises(UnreadableFile):
            read_table(bomb.replace(claimed, (100).to_bytes(4, "little")))

    def test_thousands_of_members(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for number in range(201):
                archive.writestr(f"{number}.xml", "<a/>")
        with pytest.raises(SuspiciousFile):
            read_table(out.getvalue())

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize(
        "declaration",
        [
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a [<!ENTITY a "1234567890"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE a SYSTEM "http://192.0.2.1/evil.dtd">',
        ],
    )
    def test_entities_before_they_are_expanded(self, declaration, encoding):
        member = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<sst>&x;</sst>'.encode(encoding)
        content = with_member(xlsx(HEADINGS, ["1", "2"]), "xl/sharedStrings.xml", member)
        with pytest.raises(SuspiciousFile):
            read_table(content)

    def test_a_sheet_that_claims_a_million_rows(self):
        whole = xlsx(HEADINGS, ["1", "2"])
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        claiming = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
        assert claiming != sheet
        assert len(values(with_member(whole, "xl/worksheets/sheet1.xml", claiming))) == 1
