"""Russia's public holidays with a fixed date: article 112 of the Labour Code.

Transfers of days off, which the government decides year by year, are not among them.
"""

from datetime import date

from apps.kernel.domain.errors import gettext_noop

NEW_YEAR = gettext_noop("New Year holidays")

_FIXED = (
    *((1, day, NEW_YEAR) for day in (1, 2, 3, 4, 5, 6, 8)),
    (1, 7, gettext_noop("Christmas")),
    (2, 23, gettext_noop("Defender of the Fatherland Day")),
    (3, 8, gettext_noop("International Women's Day")),
    (5, 1, gettext_noop("Spring and Labour Day")),
    (5, 9, gettext_noop("Victory Day")),
    (6, 12, gettext_noop("Russia Day")),
    (11, 4, gettext_noop("National Unity Day")),
)


def public_holidays(year: int) -> list[tuple[date, str]]:
    """The holidays of a year in order, each with its name (a text to translate)."""
    return sorted((date(year, month, day), name) for month, day, name in _FIXED)
