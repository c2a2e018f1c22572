"""How long things are kept: each context registers its rules, and jobs remove what is beyond its term.

Terms: the practice's own (product.md: audit records and withdrawn consents three years, logs ninety days),
and 152-FZ art. 5(7), by which personal data are kept no longer than their purpose needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long; none at all means until the moment that the rule counts from."""

    years: int = 0
    days: int = 0
    hours: int = 0

    def before(self, at: datetime) -> datetime:
        """What is as old as this or older at ``at`` is beyond the term. Years end on the same day of the
        year, those of the 29th of February on the 28th."""
        year = at.year - self.years
        try:
            moment = at.replace(year=year)
        except ValueError:
            moment = at.replace(year=year, day=28)
        return moment - timedelta(days=self.days, hours=self.hours)


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """One kind of thing that is removed when its term is over.

    ``code`` is its stable name in reports, ``title`` an English msgid of what it is, ``since`` one of what
    the term counts from. ``remove`` takes the moment before which things are beyond their term and how
    many may go at most; it removes that many of the oldest in the caller's transaction and returns how many.
    ``hourly`` rules run every hour and are reported when something went; the others run every night and are
    always reported.
    """

    code: str
    title: str
    since: str
    term: Term
    remove: Callable[[datetime, int], int]
    hourly: bool = False


class UnknownRule(LookupError):
    """No rule of this code is registered."""


_registered: dict[str, RetentionRule] = {}


def register(*rules: RetentionRule) -> None:
    """Add rules; call it from ``AppConfig.ready``. A rule of the same code takes its own place again."""
    _registered.update({rule.code: rule for rule in rules})


def rules() -> list[RetentionRule]:
    """All of them, in the order in which they were registered."""
    return list(_registered.values())


def rule_of(code: str) -> RetentionRule:
    """Raises UnknownRule."""
    try:
        return _registered[code]
    except KeyError:
        raise UnknownRule(code) from None
