"""All rows of the week editor together: as typed, with forms over them, and checked against each other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from django.utils.translation import gettext

from apps.booking.application.change_schedule import NotedOverride
from apps.booking.domain.schedule import HoursOverlap, WeeklyHours
from apps.booking.presentation.admin.schedule_forms import ANCHORS, EVERY_WEEK, HoursForm, OverrideForm
from apps.kernel.presentation.admin.refusals import sentence

MOST_HOURS = 100
MOST_OVERRIDES = 150


class ScheduleRows:
    """All rows of the editor as typed, with forms over them. ``rows`` are dicts of texts."""

    def __init__(self, *, weekly: list[dict[str, str]], overrides: list[dict[str, str]], today: date) -> None:
        self.today = today
        self.weekly = weekly[:MOST_HOURS]
        self.overrides = overrides[:MOST_OVERRIDES]
        self.hours_forms: list[HoursForm] = []
        self.override_forms: list[OverrideForm] = []
        self.bind()

    @classmethod
    def of_schedule(
        cls, weekly: Iterable[WeeklyHours], overrides: Iterable[NotedOverride], *, today: date
    ) -> "ScheduleRows":
        return cls(
            weekly=[hours_row(hours) for hours in weekly],
            overrides=[override_row(noted) for noted in overrides if noted.override.date >= today],
            today=today,
        )

    @classmethod
    def of_post(cls, data: Mapping[str, str], *, today: date) -> "ScheduleRows":
        return cls(
            weekly=_posted(data, "weekly", HoursForm.FIELDS, MOST_HOURS),
            overrides=_posted(data, "override", OverrideForm.FIELDS, MOST_OVERRIDES),
            today=today,
        )

    def bind(self) -> None:
        """Make the forms anew, after rows were added or taken away."""
        self.weekly.sort(key=lambda row: row.get("weekday", ""))
        self.hours_forms = [
            HoursForm(_prefixed("weekly", index, row), prefix=f"weekly-{index}", today=self.today)
            for index, row in enumerate(self.weekly)
        ]
        self.override_forms = [
            OverrideForm(_prefixed("override", index, row), prefix=f"override-{index}", today=self.today)
            for index, row in enumerate(self.overrides)
        ]

    def is_valid(self) -> bool:
        """Every row by itself, and the rows of a weekday against each other."""
        forms_ = [*self.hours_forms, *self.override_forms]
        sound = [form.is_valid() for form in forms_]
        for first, second in combinations(self.hours_forms, 2):
            if first.hours and second.hours and first.hours.meets(second.hours):
                error = HoursOverlap(first=str(first.hours), second=str(second.hours))
                second.add_error("start", sentence(error))
        seen: set[tuple[Any, ...]] = set()
        for form in self.override_forms:
            if form.noted is None:
                continue
            key = (form.noted.override.date, form.noted.override.kind, form.noted.override.start_minute)
            if key in seen:
                form.add_error("date", gettext("The same exception is entered twice for this date."))
            seen.add(key)
        return all(sound) and not any(form.errors for form in forms_)

    @property
    def hours(self) -> list[WeeklyHours]:
        return [form.hours for form in self.hours_forms if form.is_valid() and form.hours]

    @property
    def noted(self) -> list[NotedOverride]:
        return [form.noted for form in self.override_forms if form.is_valid() and form.noted]


def hours_row(hours: WeeklyHours) -> dict[str, str]:
    week = EVERY_WEEK
    if hours.every_weeks == 2 and hours.anchor is not None:
        monday = hours.anchor - timedelta(days=hours.anchor.weekday())
        week = str((monday - ANCHORS["0"]).days // 7 % 2)
    return {
        "weekday": str(hours.weekday),
        "start": clock_text(hours.start_minute),
        "end": clock_text(hours.end_minute),
        "week": week,
        "valid_from": hours.valid_from.isoformat() if hours.valid_from else "",
        "valid_until": hours.valid_until.isoformat() if hours.valid_until else "",
    }


def override_row(noted: NotedOverride) -> dict[str, str]:
    override = noted.override
    return {
        "date": override.date.isoformat(),
        "kind": override.kind.value,
        "start": clock_text(override.start_minute),
        "end": clock_text(override.end_minute),
        "note": noted.note,
    }


def clock_text(minute: int | None) -> str:
    """``09:30``; the midnight after the day is 24:00."""
    if minute is None:
        return ""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _posted(data: Mapping[str, str], prefix: str, names: Sequence[str], most: int) -> list[dict[str, str]]:
    total = str(data.get(f"{prefix}-total", ""))
    count = min(int(total), most) if total.isdecimal() and len(total) < 6 else 0
    return [{name: data.get(f"{prefix}-{index}-{name}", "") for name in names} for index in range(count)]


def _prefixed(prefix: str, index: int, row: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}-{index}-{name}": value for name, value in row.items()}
