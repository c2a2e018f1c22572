"""The paper that diaries are printed on: A4 in PT Sans, encrypted, page numbers, nothing of its maker.

DejaVu Sans stands in where PT Sans has no glyph (signs, faces). What neither has becomes a replacement
character beforehand, since fpdf2 would write such characters to the log.
"""

import logging
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import EncryptionMethod, XPos, YPos
from fpdf.fonts import TTFFont

type Colour = tuple[int, int, int]

INK: Colour = (34, 48, 43)
SOFT: Colour = (93, 111, 104)
LINE: Colour = (205, 214, 209)
ACCENT: Colour = (38, 110, 92)
MARGIN = 20.0  # millimetres, as all lengths here
FONTS = Path(__file__).parent / "fonts"
_TEXT, _SIGNS = "PT Sans", "DejaVu Sans"
_REGULAR = FONTS / "pt_sans" / "PT_Sans-Web-Regular.ttf"
_BOLD = FONTS / "pt_sans" / "PT_Sans-Web-Bold.ttf"
_OTHERS = FONTS / "dejavu_sans" / "DejaVuSans.ttf"
_UNKNOWN = "\ufffd"
_DRAW_NOTHING = frozenset({*range(32), 0x7F, 0x200D, 0xFE0E, 0xFE0F})
_PAGES = "\x02pages\x03"
"""Stands for the number of pages until it is known; no text of a diary holds control characters."""
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)

for _name in ("fpdf", "fontTools"):  # they tell of the characters that they meet
    logging.getLogger(_name).setLevel(logging.ERROR)


class Paper(FPDF):
    """A document in ``language`` that opens with ``passphrase`` alone. Footers carry page numbers only."""

    def __init__(self, *, language: str, passphrase: str) -> None:
        super().__init__(format="A4")
        self.add_font(_TEXT, "", _REGULAR)
        self.add_font(_TEXT, "B", _BOLD)
        self.add_font(_SIGNS, "", _OTHERS)
        self.set_fallback_fonts([_SIGNS], exact_match=False)
        self._widths: defaultdict[tuple[float, bool], dict[str, float]] = defaultdict(dict)
        self._known = frozenset(
            code
            for font in self.fonts.values()
            if isinstance(font, TTFFont)
            for code in font.cmap
            if code not in _DRAW_NOTHING
        )
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN)
        self.alias_nb_pages(_PAGES)
        self.set_lang(language)
        self.set_producer("")
        self.set_creation_date(_BEFORE_ALL)
        self.set_encryption(
            owner_password=passphrase,
            user_password=passphrase,
            encryption_method=EncryptionMethod.AES_256,
            encrypt_metadata=True,
        )

    def footer(self) -> None:
        if self.page_no() == 1:
            return
        self.set_y(-14)
        self._style(9, SOFT)
        self.cell(0, 5, f"{self.page_no()} / {_PAGES}", align="C")

    def text_block(
        self, text: str, *, size: float = 11, colour: Colour = INK, bold: bool = False, indent: float = 0
    ) -> None:
        """A paragraph over the whole width, broken where pages end."""
        self._style(size, colour, bold=bold)
        widths = self._widths[size, bold]
        for paragraph in self.drawable(text).split("\n"):
            for line in _lines(paragraph, self._width_of(widths), self.epw - indent - 2 * self.c_margin):
                self.set_x(MARGIN + indent)
                self.cell(0, size * 0.48, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def label(self, text: str, x: float, y: float, *, align: str = "L", width: float = 40) -> None:
        """Small text in charts: ``x`` is its left edge, its middle or its right edge as ``align`` says."""
        self._style(8, SOFT)
        left = {"L": x, "C": x - width / 2, "R": x - width}[align]
        self.set_xy(left, y - 2)
        self.cell(width, 4, self.drawable(text), align=align)

    def drawable(self, text: str) -> str:
        """The text with what no font of ours can draw replaced, and marks that draw nothing left out."""
        if all(ord(character) in self._known or character == "\n" for character in text):
            return text
        return "".join(self._drawable(character) for character in text)

    def keep_together(self, height: float) -> None:
        """Go on at the next page unless so much room is left on this one."""
        if self.get_y() + height > self.h - MARGIN:
            self.add_page()

    def rule(self) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())

    def _style(self, size: float, colour: Colour, *, bold: bool = False) -> None:
        self.set_font(_TEXT, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _width_of(self, widths: dict[str, float]) -> Callable[[str], float]:
        """The width of a character in the present font, asked of it once."""

        def width_of(character: str) -> float:
            if character not in widths:
                widths[character] = self.get_string_width(character)
            return widths[character]

        return width_of

    def _drawable(self, character: str) -> str:
        if ord(character) in self._known or character == "\n":
            return character
        category = unicodedata.category(character)
        if category == "Zs" or character == "\t":
            return " "
        return "" if category in {"Cc", "Cf", "Mn", "Me"} else _UNKNOWN


def _lines(paragraph: str, width_of: Callable[[str], float], most: float) -> Iterator[str]:
    """Break at blanks, and within words that are longer than a line. fpdf2 does so too, but measures a line
    anew for every character of it, which takes eight times as long."""
    line, used = "", 0.0
    for word in _words(paragraph):
        width = sum(map(width_of, word))
        if used + width - (width_of(" ") if word.endswith(" ") else 0) <= most:
            line, used = line + word, used + width
            continue
        if line:
            yield line.rstrip(" ")
            line, used = "", 0.0
        for character in word:
            if used + width_of(character) > most and character != " ":
                yield line
                line, used = "", 0.0
            line, used = line + character, used + width_of(character)
    yield line.rstrip(" ")


def _words(paragraph: str) -> Iterator[str]:
    """Words with the blank that follows them."""
    *words, last = paragraph.split(" ")
    yield from (f"{word} " for word in words)
    yield last
