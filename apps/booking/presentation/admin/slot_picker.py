"""Choosing a free time: the times of a fortnight, grouped by day, as one group of radio buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import wiring
from apps.booking.application.find_slots import FoundSlots
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import day_text

DAYS_SHOWN = 14
_LATEST = date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """``value`` is what the form sends: the instant in UTC."""

    value: str
    time: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Day:
    title: str
    slots: Sequence[Slot]


def slots_of_service(slug: str, first: date) -> FoundSlots:
    """Free times of a fortnight from ``first``. Raises DomainError."""
    return wiring.find_slots(
        service_slug=slug,
        first=first,
        last=first + timedelta(days=DAYS_SHOWN - 1),
        time_zone=None,
        meeting_format=None,
    )


def new_times_of(appointment_id: UUID, first: date) -> FoundSlots:
    """Times of a fortnight that an appointment can move to. Raises DomainError."""
    return wiring.find_new_times(
        appointment_id=appointment_id, first=first, last=first + timedelta(days=DAYS_SHOWN - 1)
    )


def render_slots(find: Any, *, chosen: str = "") -> str:
    """The radio buttons for what ``find()`` finds; the refusal's sentence where it raises DomainError."""
    try:
        found: FoundSlots = find()
    except DomainError as error:
        return render_to_string("booking/slots.html", {"refusal": sentence(error), "days": []})
    return render_to_string("booking/slots.html", {"days": _days(found, chosen), "zone": found.time_zone})


def first_day(text: str | None) -> date:
    """The day in ``YYYY-MM-DD`` or ``DD.MM.YYYY``, not before today; today for anything else."""
    today = timezone.localdate()
    try:
        day = forms.DateField().clean(text or "")
    except ValidationError:
        return today
    return min(max(day, today), _LATEST)


class SlotsWidget(forms.Widget):
    """The container that the times of another day are loaded into; ``source`` is their address."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.content = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> str:  # type: ignore[override]  # Django says SafeString, as render_to_string gives
        return render_to_string("booking/slots_field.html", {"id": f"id_{name}", "content": self.content})

    def id_for_label(self, id_: str | None) -> str:
        return ""


class StartField(forms.Field):
    """A chosen start; cleans to an aware datetime."""

    widget = SlotsWidget
    default_error_messages = {
        "required": _("Choose one of the free times."),
        "invalid": _("Choose one of the free times."),
    }

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            start = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if start.tzinfo is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return start.astimezone(UTC)


def _days(found: FoundSlots, chosen: str) -> list[Day]:
    zone = ZoneInfo(found.time_zone)
    today = datetime.now(zone).date()
    starts = [datetime.fromtimestamp(start, UTC) for start in found.starts]
    return [
        Day(
            title=day_text(day, today=today),
            slots=[
                Slot(
                    value=start.isoformat(),
                    time=f"{start.astimezone(zone):%H:%M}",
                    checked=_same(start, chosen),
                )
                for start in of_day
            ],
        )
        for day, of_day in groupby(starts, key=lambda start: start.astimezone(zone).date())
    ]


def _same(start: datetime, chosen: str) -> bool:
    try:
        return datetime.fromisoformat(chosen) == start
    except (ValueError, TypeError):
        return False


def nothing_chosen() -> str:
    return gettext("Choose a service: its free times will appear here.")
