"""The rows of the schedule editor: what was typed, and the domain's hours made of it."""

import datetime
import re
from datetime import date, timedelta
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
    OverrideKind,
    WeeklyHours,
)
from apps.booking.infrastructure import labels
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.refusals import show_refusal

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
        weeks: Any = self.fields["week"]
        weeks.choices = week_choices(today)
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

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
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


def week_choices(today: date) -> list[tuple[str, str]]:
    """Every week, or every other one: from this week's Monday, or from the next one."""
    monday = today - timedelta(days=today.weekday())
    choices = [(EVERY_WEEK, gettext("every week"))]
    for start in (monday, monday + timedelta(days=7)):
        words = gettext("every other week from %(day)s") % {"day": date_format(start, "j E")}
        choices.append((str((start - ANCHORS["0"]).days // 7 % 2), words))
    return choices
