"""The rows of the schedule editor: what was typed, and the domain's hours made of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import BASE_INPUT_CLASSES, UnfoldAdminSelectWidget

from apps.booking.application.change_schedule import NotedOverride
from apps.booking.domain.schedule import (
    MINUTES_OF_DAY,
    DateOverride,
    HoursOverlap,
    OverrideKind,
    WeeklyHours,
)
from apps.booking.infrastructure import labels
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.refusals import sentence, show_refusal

MOST_HOURS = 100
MOST_OVERRIDES = 150
EVERY_WEEK = ""
# A Monday: hours of every second week hold in its week (0), or in the one after (1).
ANCHORS = {"0": date(2024, 1, 1), "1": date(2024, 1, 8)}
DATE_RANGE = (date(2000, 1, 1), date(2100, 12, 31))

_CLOCK = re.compile(r"(?P<hours>\d{1,2})(?:[:.\- ]?(?P<minutes>\d{2})(?::00)?)?", re.ASCII)
_INPUT = " ".join(BASE_INPUT_CLASSES)


class MinuteField(forms.Field):
    """A time of day as minutes from midnight: 9, 9:30, 09.30 and 0930 are understood.

    An end of 00:00 or 24:00 is the midnight after the day. No native time input: that one shows a.m. and p.m.
    to browsers of other countries and knows no 24:00.
    """

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        attrs = {
            "class": f"{_INPUT} bk-clock",
            "inputmode": "numeric",
            "list": "clock-times",
            "placeholder": "00:00",
            "maxlength": 8,
            "autocomplete": "off",
        }
        widget = forms.TextInput(attrs=attrs)
        super().__init__(widget=widget, **options)
        self.is_end = is_end

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise ValidationError(gettext("Write the time as 09:30."))
        hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
        total = hours * 60 + minutes
        if minutes > 59 or total > MINUTES_OF_DAY:
            raise ValidationError(gettext("Write the time as 09:30."))
        return MINUTES_OF_DAY if self.is_end and total == 0 else total


class DayField(forms.DateField):
    """A date of our time, picked or typed as ISO or as 31.12.2026."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": f"{_INPUT} bk-date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day is not None and not DATE_RANGE[0] <= day <= DATE_RANGE[1]:
            raise ValidationError(gettext("Choose a date between 2000 and 2100."))
        return day


class HoursForm(forms.Form):
    """An interval of a weekday. ``hours`` is the domain's, once the row is valid."""

    FIELDS: ClassVar = ("weekday", "start", "end", "week", "valid_from", "valid_until")
    PLACES: ClassVar = {"start_minute": "start", "end_minute": "end", "anchor": "week"}

    weekday = forms.TypedChoiceField(choices=labels.WEEKDAYS, coerce=int, widget=forms.HiddenInput)
    start = MinuteField(label=_("from"))
    end = MinuteField(label=_("to"), is_end=True)
    week = forms.ChoiceField(label=_("repeats"), required=False, widget=UnfoldAdminSelectWidget)
    valid_from = DayField(label=_("holds from"), required=False)
    valid_until = DayField(label=_("holds until"), required=False)
    hours: WeeklyHours | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week"].choices = week_choices(today)
        for name in ("start", "end", "week", "valid_from", "valid_until"):
            self.fields[name].widget.attrs["aria-label"] = str(self.fields[name].label)

    @property
    def has_dates(self) -> bool:
        return bool(self["valid_from"].value() or self["valid_until"].value())

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if self.errors:
            return data
        week = data["week"]
        try:
            self.hours = WeeklyHours(
                weekday=data["weekday"],
                start_minute=data["start"],
                end_minute=data["end"],
                every_weeks=2 if week else 1,
                anchor=ANCHORS[week] if week else None,
                valid_from=data["valid_from"],
                valid_until=data["valid_until"],
            )
        except DomainError as error:
            show_refusal(self, error, places=self.PLACES)
        return data


class OverrideForm(forms.Form):
    """A date that differs. ``noted`` is the domain's, once the row is valid."""

    FIELDS: ClassVar = ("date", "kind", "start", "end", "note")
    PLACES: ClassVar = {"start_minute": "start", "end_minute": "end"}

    date = DayField(label=_("date"))
    kind = forms.ChoiceField(
        label=_("what"),
        choices=labels.OVERRIDE_KINDS,
        widget=UnfoldAdminSelectWidget,
    )
    start = MinuteField(label=_("from"), required=False)
    end = MinuteField(label=_("to"), required=False, is_end=True)
    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": _INPUT, "placeholder": _("note for yourself")}),
    )
    noted: NotedOverride | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day < self.today:
            raise ValidationError(gettext("This date has passed."))
        return day

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if self.errors:
            return data
        kind = OverrideKind(data["kind"])
        whole = kind.is_whole_day
        try:
            override = DateOverride(
                date=data["date"],
                kind=kind,
                # The fields are hidden for whole days, so what is left in them means nothing.
                start_minute=None if whole else data["start"],
                end_minute=None if whole else data["end"],
            )
            self.noted = NotedOverride(override=override, note=data["note"])
        except DomainError as error:
            show_refusal(self, error, places=self.PLACES)
        return data


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


def week_choices(today: date) -> list[tuple[str, str]]:
    monday = today - timedelta(days=today.weekday())
    this = str((monday - ANCHORS["0"]).days // 7 % 2)
    following = "1" if this == "0" else "0"
    return [
        (EVERY_WEEK, gettext("every week")),
        (this, gettext("every other week: this one (%(days)s)") % {"days": _days(monday)}),
        (
            following,
            gettext("every other week: the next one (%(days)s)")
            % {"days": _days(monday + timedelta(days=7))},
        ),
    ]


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


def _days(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    first = date_format(monday, "j" if monday.month == sunday.month else "j E")
    return f"{first}–{date_format(sunday, 'j E')}"


def _posted(data: Mapping[str, str], prefix: str, names: Sequence[str], most: int) -> list[dict[str, str]]:
    total = str(data.get(f"{prefix}-total", ""))
    count = min(int(total), most) if total.isdecimal() and len(total) < 6 else 0
    return [{name: data.get(f"{prefix}-{index}-{name}", "") for name in names} for index in range(count)]


def _prefixed(prefix: str, index: int, row: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}-{index}-{name}": value for name, value in row.items()}
