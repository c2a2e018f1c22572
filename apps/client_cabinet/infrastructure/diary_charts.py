"""Charts of a diary, drawn as vectors: sleep and energy, hours of sleep, intensity of emotions, by day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.infrastructure.diary_paper import LINE, MARGIN, Colour, Paper
from apps.client_cabinet.infrastructure.diary_words import FIELDS

HEIGHT = 52.0  # millimetres, as all lengths here
_LEFT = 8.0
_TICKS = 7
_LONGEST_GAP = timedelta(days=7)
"""Days that lie further apart are not joined by a line: nobody knows what was between them."""
_SHAPES: Mapping[str, tuple[Colour, str]] = {
    "quality": ((46, 92, 168), "circle"),
    "energy": ((26, 128, 92), "square"),
    "tension": ((191, 87, 0), "cross"),
    "intensity": ((140, 60, 140), "circle"),
}


@dataclass
class Figures:
    """What the charts show: the values of each day, gathered entry by entry."""

    _values: defaultdict[str, defaultdict[date, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def take(self, kind: str, day: date, payload: Mapping[str, Any]) -> None:
        if kind == DiaryType.SLEEP_ENERGY:
            for name in ("quality", "energy", "tension", "hours"):
                if isinstance(payload.get(name), int | float):
                    self._values[name][day].append(float(payload[name]))
        elif kind == DiaryType.EMOTIONS:
            for each in payload.get("emotions", ()):
                self._values["intensity"][day].append(float(each["intensity"]))

    def by_day(self, name: str) -> list[tuple[date, float]]:
        """The mean of each day that has a value."""
        return [(day, fmean(values)) for day, values in sorted(self._values[name].items())]


def draw_charts(paper: Paper, figures: Figures, *, first_day: date, last_day: date) -> None:
    """The charts that have something to show, each with its title and legend; a page has room for three."""
    titles = {
        ("quality", "energy", "tension"): gettext("Sleep, energy and tension (0 to 10)"),
        ("hours",): gettext("Hours of sleep"),
        ("intensity",): gettext("Intensity of emotions (mean of the day, 0 to 10)"),
    }
    for names, title in titles.items():
        series = {name: points for name in names if (points := figures.by_day(name))}
        if not series:
            continue
        paper.keep_together(HEIGHT + 32)
        paper.text_block(title, size=13, bold=True)
        paper.ln(2)
        frame = _Frame(paper, top=paper.get_y(), first=first_day, last=last_day, most=_most(names, series))
        frame.draw()
        for name, points in series.items():
            if name == "hours":
                frame.bars(points)
            else:
                frame.line(points, *_SHAPES[name])
        paper.set_y(frame.bottom + 8)
        if len(names) > 1:
            _legend(paper, series)
        paper.ln(8)


def _most(names: Sequence[str], series: Mapping[str, list[tuple[date, float]]]) -> int:
    return max(12, *(round(value + 0.5) for _day, value in series["hours"])) if "hours" in names else 10


@dataclass
class _Frame:
    paper: Paper
    top: float
    first: date
    last: date
    most: int

    @property
    def bottom(self) -> float:
        return self.top + HEIGHT

    @property
    def _width(self) -> float:
        return self.paper.w - 2 * MARGIN - _LEFT

    def draw(self) -> None:
        """Lines of the scale with their numbers, and days below."""
        paper = self.paper
        paper.set_draw_color(*LINE)
        paper.set_line_width(0.15)
        for value in range(0, self.most + 1, 2):
            paper.line(MARGIN + _LEFT, self._y(value), paper.w - MARGIN, self._y(value))
            paper.label(str(value), MARGIN + _LEFT - 2, self._y(value), align="R", width=8)
        days = (self.last - self.first).days
        for number in sorted({round(days * tick / _TICKS) for tick in range(_TICKS + 1)}):
            day = self.first + timedelta(days=number)
            paper.label(date_format(day, "d.m.y"), self._x(day), self.bottom + 4, align="C", width=24)

    def line(self, points: list[tuple[date, float]], colour: Colour, shape: str) -> None:
        paper = self.paper
        paper.set_draw_color(*colour)
        paper.set_line_width(0.5)
        for (day, value), (next_day, next_value) in pairwise(points):
            if next_day - day <= _LONGEST_GAP:
                paper.line(self._x(day), self._y(value), self._x(next_day), self._y(next_value))
        for day, value in points:
            _POINTS[shape](paper, self._x(day), self._y(value), colour)

    def bars(self, points: list[tuple[date, float]]) -> None:
        days = (self.last - self.first).days + 1
        width = max(0.3, min(4.0, self._width / days * 0.7))
        self.paper.set_fill_color(*_SHAPES["quality"][0])
        for day, value in points:
            top = self._y(value)
            self.paper.rect(self._x(day) - width / 2, top, width, self.bottom - top, style="F")

    def _x(self, day: date) -> float:
        days = (self.last - self.first).days
        share = (day - self.first).days / days if days else 0.5
        return MARGIN + _LEFT + 3 + share * (self._width - 6)

    def _y(self, value: float) -> float:
        return self.bottom - value / self.most * HEIGHT


def _legend(paper: Paper, names: Iterable[str]) -> None:
    x, y = MARGIN + _LEFT, paper.get_y() + 2
    for name in names:
        colour, shape = _SHAPES[name]
        _POINTS[shape](paper, x, y, colour)
        paper.label(capfirst(str(FIELDS[name])), x + 2.5, y)
        x += 45
    paper.set_y(y + 3)


def _circle(paper: Paper, x: float, y: float, colour: Colour) -> None:
    paper.set_fill_color(*colour)
    paper.circle(x, y, 0.9, style="F")


def _square(paper: Paper, x: float, y: float, colour: Colour) -> None:
    paper.set_fill_color(*colour)
    paper.rect(x - 0.8, y - 0.8, 1.6, 1.6, style="F")


def _cross(paper: Paper, x: float, y: float, colour: Colour) -> None:
    paper.set_draw_color(*colour)
    paper.set_line_width(0.5)
    paper.line(x - 0.9, y - 0.9, x + 0.9, y + 0.9)
    paper.line(x - 0.9, y + 0.9, x + 0.9, y - 0.9)


# Shapes differ, not colours alone: the diary may be printed in grey.
_POINTS: Mapping[str, Callable[[Paper, float, float, Colour], None]] = {
    "circle": _circle,
    "square": _square,
    "cross": _cross,
}
