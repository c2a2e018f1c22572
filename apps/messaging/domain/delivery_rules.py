"""How the practice wants its letters sent."""

from dataclasses import dataclass
from datetime import timedelta

from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.quiet_hours import QuietHours

LONGEST_LEAD_HOURS = 24 * 14


class LeadOutOfRange(DomainError):
    code = "reminder_lead_out_of_range"
    message = gettext_noop("Enter a number of hours from 1 to %(most)s.")


class LeadsInWrongOrder(DomainError):
    code = "reminder_leads_in_wrong_order"
    message = gettext_noop("The second reminder must come nearer to the session than the first.")


class KindAlwaysOn(DomainError):
    code = "message_kind_always_on"
    message = gettext_noop("This letter cannot be switched off.")


@dataclass(frozen=True, kw_only=True)
class DeliveryRules:
    """The hours before the session at which reminders are due; ``switched_off`` are never sent.

    Raises LeadOutOfRange, LeadsInWrongOrder, KindAlwaysOn.
    """

    reminder_day_hours: int
    reminder_hour_hours: int
    quiet_hours: QuietHours
    switched_off: frozenset[MessageKind]

    def __post_init__(self) -> None:
        for field in ("reminder_day_hours", "reminder_hour_hours"):
            if not 1 <= getattr(self, field) <= LONGEST_LEAD_HOURS:
                raise LeadOutOfRange(field=field, most=LONGEST_LEAD_HOURS)
        if self.reminder_hour_hours >= self.reminder_day_hours:
            raise LeadsInWrongOrder(field="reminder_hour_hours")
        if any(not KINDS[kind].can_be_switched_off for kind in self.switched_off):
            raise KindAlwaysOn(field="switched_off")

    def lead(self, kind: MessageKind) -> timedelta:
        """How long before the start a reminder of this kind is due."""
        hours = {
            MessageKind.REMINDER_DAY: self.reminder_day_hours,
            MessageKind.REMINDER_HOUR: self.reminder_hour_hours,
        }
        return timedelta(hours=hours[kind])
