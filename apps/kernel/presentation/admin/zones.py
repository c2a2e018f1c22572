"""Time zones as people choose them: by city, in their language."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language, gettext

from apps.kernel.presentation.admin.wording import zone_text
from apps.kernel.presentation.fields import known_time_zones

RUSSIAN_ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)

type Choices = list[tuple[str, list[tuple[str, str]]]]


def zone_choices(at: datetime, *, also: Sequence[str] = ()) -> Choices:
    """Russian zones with their distance from UTC, then the cities of the world by name.

    A zone that has no name in the language (an alias, mostly) is offered only where a record has it already:
    when it is in ``also``.
    """
    names = _cities((get_language() or "ru").replace("-", "_"))
    others = {*names, *also} - {"", *RUSSIAN_ZONES}
    other = sorted(others, key=lambda zone: str(names.get(zone) or zone).replace("ё", "е"))
    return [
        (gettext("Russia"), [(zone, zone_text(zone, at)) for zone in RUSSIAN_ZONES]),
        (gettext("Other zones"), [(zone, names.get(zone, zone)) for zone in other]),
    ]


@lru_cache(maxsize=4)
def _cities(language: str) -> dict[str, str]:
    names = Locale.parse(language).time_zones
    return {zone: names[zone]["city"] for zone in known_time_zones() if "city" in names.get(zone, {})}
