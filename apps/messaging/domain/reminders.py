"""Which reminders of a session are due when."""

from dataclasses import dataclass
from datetime import datetime

from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import KINDS, REMINDERS, MessageKind


@dataclass(frozen=True, kw_only=True)
class PlannedReminder:
    kind: MessageKind
    due_at: datetime


def reminders(
    *, start: datetime, time_zone: str, rules: DeliveryRules, now: datetime
) -> list[PlannedReminder]:
    """The reminders of a session at ``start`` that are still ahead at ``now``.

    What is not urgent waits until quiet hours end by the clock of ``time_zone``; where that is not before the
    session, it comes just before they begin. A reminder whose moment has passed is left out.
    """
    found = []
    for kind in REMINDERS:
        moment = start - rules.lead(kind)
        if not KINDS[kind].urgent:
            moment = _outside_quiet_hours(moment, start, time_zone, rules)
        if moment > now:
            found.append(PlannedReminder(kind=kind, due_at=moment))
    return found


def _outside_quiet_hours(moment: datetime, start: datetime, time_zone: str, rules: DeliveryRules) -> datetime:
    after = rules.quiet_hours.next_open(moment, time_zone)
    return after if after < start else rules.quiet_hours.last_open(moment, time_zone)
