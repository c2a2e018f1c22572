"""Dates, zones and amounts in a language, for letters."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_currency
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MOSCOW = ZoneInfo("Europe/Moscow")
_RUSSIAN_ZONES = frozenset(
    {
        "Europe/Kaliningrad", "Europe/Moscow", "Europe/Simferopol", "Europe/Kirov", "Europe/Volgograd",
        "Europe/Astrakhan", "Europe/Saratov", "Europe/Ulyanovsk", "Europe/Samara", "Asia/Yekaterinburg",
        "Asia/Omsk", "Asia/Novosibirsk", "Asia/Barnaul", "Asia/Tomsk", "Asia/Novokuznetsk",
        "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Chita", "Asia/Yakutsk", "Asia/Khandyga",
        "Asia/Vladivostok", "Asia/Ust-Nera", "Asia/Magadan", "Asia/Sakhalin", "Asia/Srednekolymsk",
        "Asia/Kamchatka", "Asia/Anadyr",
    }
)  # fmt: skip


STEPS = {
    "change_email": _("confirm a new e-mail address"),
    "change_phone": _("change the phone number"),
    "erase_entry": _("erase a diary entry"),
    "erase_diary": _("erase all your diaries"),
    "erase_account": _("erase your account and your data"),
}
"""What a code is for, by the name of the step: "Your code to …"."""
CONTACTS = {"email": _("the e-mail address"), "phone": _("the phone number")}


class BabelWords:
    """Words (port)."""

    def date(self, instant: datetime, time_zone: str, *, now: datetime, language: str) -> str:
        """``12 марта``; with the year when it is another than now."""
        zone = ZoneInfo(time_zone)
        local = instant.astimezone(zone)
        pattern = "d MMMM" if local.year == now.astimezone(zone).year else "d MMMM y"
        return format_date(local.date(), pattern, locale=_locale(language))

    def weekday(self, instant: datetime, time_zone: str, *, language: str) -> str:
        return format_date(instant.astimezone(ZoneInfo(time_zone)).date(), "EEEE", locale=_locale(language))

    def clock(self, instant: datetime, time_zone: str) -> str:
        return f"{instant.astimezone(ZoneInfo(time_zone)):%H:%M}"

    def zone(self, time_zone: str, at: datetime, *, language: str) -> str:
        """``МСК``, ``МСК+2`` in Russia to Russians; elsewhere the city and the distance from UTC."""
        offset = at.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta(0)
        if language == "ru" and time_zone in _RUSSIAN_ZONES:
            return f"МСК{_distance(offset - (at.astimezone(MOSCOW).utcoffset() or timedelta(0)))}"
        city = get_timezone_location(time_zone, locale=_locale(language), return_city=True)
        distance = f"UTC{_distance(offset)}"
        return distance if city in {"UTC", ""} else f"{city}, {distance}"

    def money(self, minor: int, currency: str, *, language: str) -> str:
        whole = minor % 100 == 0
        return format_currency(
            minor / 100,
            currency,
            format=None if not whole else _without_decimals(language),
            locale=_locale(language),
            currency_digits=not whole,
        )

    def minutes(self, count: int, *, language: str) -> str:
        with translation.override(language):
            return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}

    def hours(self, count: int, *, language: str) -> str:
        with translation.override(language):
            return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}

    def step(self, purpose: str, *, language: str) -> str:
        with translation.override(language):
            return str(STEPS.get(purpose, _("confirm a step in your account")))

    def contact(self, kind: str, *, language: str) -> str:
        with translation.override(language):
            return str(CONTACTS[kind])


def _distance(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"{sign}{hours}:{rest:02d}" if rest else f"{sign}{hours}"


def _without_decimals(language: str) -> str:
    return _locale(language).currency_formats["standard"].pattern.replace("0.00", "0")


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
