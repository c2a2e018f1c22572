"""What the buttons beside the rows of the week editor do: they change the page, nothing is saved."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from apps.booking import models
from apps.booking.domain.holidays import public_holidays
from apps.booking.domain.schedule import OverrideKind
from apps.booking.infrastructure import labels
from apps.booking.presentation.admin.schedule_rows import MOST_HOURS, MOST_OVERRIDES, ScheduleRows

MORNING = {"start": "10:00", "end": "14:00"}


@dataclass
class Editor:
    """The page as it stands: the rows as typed, the version they were opened at, what is to be told."""

    specialist: models.Specialist
    today: date
    rows: ScheduleRows
    version: str
    until: date | None
    hidden_count: int
    show_errors: bool = False
    stale: bool = False
    refusal: str = ""
    notice: str = ""
    touched: list[dict[str, Any]] = field(default_factory=list)
    focus: str = ""


def edit(editor: Editor, request: HttpRequest) -> None:
    verb, _colon, argument = request.POST.get("do", "").partition(":")
    command = _EDITS.get(verb)
    if command is not None:
        command(editor, request, argument)
        editor.rows.bind()
        for form in (*editor.rows.hours_forms, *editor.rows.override_forms):
            for bound in form:
                if bound.auto_id == editor.focus:
                    bound.field.widget.attrs["autofocus"] = True


def _add_hours(editor: Editor, request: HttpRequest, argument: str) -> None:
    rows = editor.rows.weekly
    if argument not in {str(code) for code, _name in labels.WEEKDAYS} or len(rows) >= MOST_HOURS:
        return
    last = max((row["end"] for row in rows if row["weekday"] == argument), default="")
    row = {"weekday": argument, "week": "", "valid_from": "", "valid_until": "", **MORNING}
    if last >= "10:00":
        start = min(int(last[:2]) + 1, 22)
        row |= {"start": f"{start:02d}:00", "end": f"{min(start + 4, 23):02d}:00"}
    rows.append(row)
    position = sum(each["weekday"] <= argument for each in rows) - 1
    editor.focus = f"id_weekly-{position}-start"


def _remove_hours(editor: Editor, request: HttpRequest, argument: str) -> None:
    if argument.isdecimal() and int(argument) < len(editor.rows.weekly):
        weekday = editor.rows.weekly.pop(int(argument))["weekday"]
        editor.focus = f"add-{weekday}"


def _copy_day(editor: Editor, request: HttpRequest, argument: str) -> None:
    targets = set(request.POST.getlist(f"copy-{argument}")) - {argument}
    known = {str(code) for code, _name in labels.WEEKDAYS}
    source = [row for row in editor.rows.weekly if row["weekday"] == argument]
    targets &= known
    if not targets:
        editor.notice = gettext("Tick the days to copy to.")
        return
    kept = [row for row in editor.rows.weekly if row["weekday"] not in targets]
    copies = [{**row, "weekday": target} for target in sorted(targets) for row in source]
    if len(kept) + len(copies) > MOST_HOURS:
        editor.notice = gettext("This is more than the page can hold.")
        return
    editor.rows.weekly = kept + copies
    editor.notice = gettext("The hours are copied. They hold once you save the schedule.")


def _add_override(editor: Editor, request: HttpRequest, argument: str) -> None:
    kinds = {code for code, _name in labels.OVERRIDE_KINDS}
    if argument not in kinds or len(editor.rows.overrides) >= MOST_OVERRIDES:
        editor.notice = gettext("This is more than the page can hold.")
        return
    editor.rows.overrides.insert(0, {"date": "", "kind": argument, "start": "", "end": "", "note": ""})
    editor.focus = "id_override-0-date"


def _remove_override(editor: Editor, request: HttpRequest, argument: str) -> None:
    if argument.isdecimal() and int(argument) < len(editor.rows.overrides):
        editor.rows.overrides.pop(int(argument))


def _add_holidays(editor: Editor, request: HttpRequest, argument: str) -> None:
    if not (argument.isdecimal() and editor.today.year <= int(argument) <= editor.today.year + 1):
        return
    rows = editor.rows.overrides
    taken = {row["date"] for row in rows if row["kind"] in {OverrideKind.HOLIDAY, OverrideKind.DAY_OFF}}
    missing = [
        {
            "date": day.isoformat(),
            "kind": OverrideKind.HOLIDAY.value,
            "start": "",
            "end": "",
            "note": gettext(name),
        }
        for day, name in public_holidays(int(argument))
        if day >= editor.today and day.isoformat() not in taken
    ]
    if len(rows) + len(missing) > MOST_OVERRIDES:
        editor.notice = gettext("This is more than the page can hold.")
        return
    editor.rows.overrides = sorted([*rows, *missing], key=lambda row: row["date"])
    editor.notice = (
        gettext("Holidays added: %(count)d. They hold once you save the schedule.") % {"count": len(missing)}
        if missing
        else gettext("All holidays of this year are in the list already.")
    )


_EDITS: dict[str, Callable[[Editor, HttpRequest, str], None]] = {
    "add": _add_hours,
    "remove": _remove_hours,
    "copy": _copy_day,
    "add_date": _add_override,
    "remove_date": _remove_override,
    "holidays": _add_holidays,
}
