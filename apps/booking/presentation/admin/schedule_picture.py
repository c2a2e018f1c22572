"""Two weeks of working time as a picture: what the rows of the editor come to, exceptions included."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from apps.booking import models
from apps.booking.domain.schedule import InvalidSchedule, Schedule
from apps.booking.domain.working_time import working_periods
from apps.booking.presentation.admin.schedule_rows import ScheduleRows
from apps.kernel.domain.period import Period

DAY_MINUTES = 24 * 60
EARLIEST, LATEST = 8 * 60, 20 * 60


def two_weeks(specialist: models.Specialist, rows: ScheduleRows, *, today: date) -> dict[str, Any] | None:
    """Weeks of days of blocks with ``top`` and ``height`` in per cent; None while rows overlap."""
    try:
        schedule = Schedule(
            specialist_id=specialist.pk,
            time_zone=specialist.time_zone,
            weekly=tuple(rows.hours),
            overrides=tuple(noted.override for noted in rows.noted),
        )
    except InvalidSchedule:
        return None
    monday = today - timedelta(days=today.weekday())
    worked = _worked(schedule, monday)
    opens = min((start for day in worked.values() for start, _end in day), default=EARLIEST)
    closes = max((end for day in worked.values() for _start, end in day), default=LATEST)
    first, last = min(opens, EARLIEST) // 60 * 60, -(-max(closes, LATEST) // 60) * 60
    scale = (last - first) / 100
    special = {noted.override.date for noted in rows.noted}
    return {
        "hours": [
            {"text": f"{hour:02d}", "top": _percent((hour * 60 - first) / scale)}
            for hour in range(first // 60, last // 60 + 1, 3)
        ],
        "weeks": [
            [
                {
                    "name": date_format(day, "D"),
                    "number": day.day,
                    "full": date_format(day, "l, j E"),
                    "is_today": day == today,
                    "is_past": day < today,
                    "is_special": day in special,
                    "text": ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in worked[day]),
                    "blocks": [
                        {"top": _percent((start - first) / scale), "height": _percent((end - start) / scale)}
                        for start, end in worked[day]
                    ],
                }
                for day in (monday + timedelta(days=7 * week + number) for number in range(7))
            ]
            for week in range(2)
        ],
    }


def _worked(schedule: Schedule, monday: date) -> dict[date, list[tuple[int, int]]]:
    """Minutes of the local day, for each of 14 days."""
    zone = ZoneInfo(schedule.time_zone)
    begin = datetime.combine(monday, datetime.min.time(), tzinfo=zone)
    end = datetime.combine(monday + timedelta(days=14), datetime.min.time(), tzinfo=zone)
    worked: dict[date, list[tuple[int, int]]] = {monday + timedelta(days=number): [] for number in range(14)}
    window = Period(begin.astimezone(UTC), end.astimezone(UTC))
    for period in working_periods(schedule=schedule, window=window):
        start, stop = period.start.astimezone(zone), period.end.astimezone(zone)
        day = start.date()
        while day <= stop.date() and day in worked:
            since = _minute(start) if day == start.date() else 0
            until = _minute(stop) if day == stop.date() else DAY_MINUTES
            if since < until:
                worked[day].append((since, until))
            day += timedelta(days=1)
    return worked


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _percent(number: float) -> str:
    """With a point, whatever the language: it goes into CSS."""
    return f"{number:.2f}"
