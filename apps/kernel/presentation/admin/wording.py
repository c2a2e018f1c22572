"""Money, instants and lengths as people of the practice read them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

NBSP = "\N{NO-BREAK SPACE}"
_MINOR = 100
_SIGNS = {"RUB": "₽"}


def money_text(minor: int, currency: str = "RUB") -> str:
    """Kopecks as ``4 500 ₽``, or ``4 500,50 ₽`` where there are any; never breaks across lines."""
    whole, rest = divmod(abs(minor), _MINOR)
    amount = number_format(f"{whole}.{rest:02d}" if rest else whole, force_grouping=True)
    sign = "−" if minor < 0 else ""
    return f"{sign}{amount}{NBSP}{_SIGNS.get(currency, currency)}".replace(" ", NBSP)


def day_text(day: date, *, today: date, weekday: bool = True, relative: bool = True) -> str:
    """``today``, ``tomorrow``, ``yesterday`` (where ``relative``), else ``чт, 26 ноября``; with the year when
    it is another."""
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}.get((day - today).days)
    if near and relative:
        return near
    text = date_format(day, "j E" if day.year == today.year else "j E Y")
    return f"{date_format(day, 'D').lower()}, {text}" if weekday else text


def instant_text(
    instant: datetime,
    time_zone: str,
    *,
    now: datetime | None = None,
    weekday: bool = True,
    relative: bool = True,
) -> str:
    """An instant by the clock of ``time_zone``: ``сегодня, 14:00``, ``чт, 26 ноября, 14:00``."""
    zone = ZoneInfo(time_zone)
    local, today = instant.astimezone(zone), (now or timezone.now()).astimezone(zone).date()
    day = day_text(local.date(), today=today, weekday=weekday, relative=relative)
    return f"{day}, {local:%H:%M}"


def span_text(start: datetime, end: datetime, time_zone: str, *, now: datetime | None = None) -> str:
    """``сегодня, 14:00–14:50``."""
    return f"{instant_text(start, time_zone, now=now)}–{end.astimezone(ZoneInfo(time_zone)):%H:%M}"


def zone_text(time_zone: str, at: datetime) -> str:
    """The city and the distance from UTC at an instant: ``Екатеринбург, UTC+5``."""
    offset = at.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta(0)
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    sign = "−" if offset < timedelta(0) else "+"
    distance = f"UTC{sign}{hours}:{minutes:02d}" if minutes else f"UTC{sign}{hours}"
    try:
        city = get_timezone_location(
            time_zone, locale=(get_language() or "ru").replace("-", "_"), return_city=True
        )
    except LookupError:
        city = time_zone
    return distance if city in {"UTC", ""} else f"{city}, {distance}"


def length_text(length: timedelta) -> str:
    """``50 мин``, ``1 ч 30 мин``, ``2 д 3 ч``: the two largest units, rounded down to minutes."""
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = [
        (days, gettext("%(count)s d")),
        (hours, gettext("%(count)s h")),
        (minutes if not days else 0, gettext("%(count)s min")),
    ]
    parts = [unit % {"count": count} for count, unit in units if count]
    return " ".join(parts or [gettext("less than a minute")]).replace(" ", NBSP)


def hours_text(hours: int) -> str:
    """``1 час``, ``24 часа``, ``12 часов``."""
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
