"""The catalogue of messages: what is sent, through which channel, and what its text may name."""

from dataclasses import dataclass
from enum import StrEnum

from apps.messaging.domain.placeholders import PLACEHOLDERS


class Channel(StrEnum):
    EMAIL = "email"


class Category(StrEnum):
    BOOKING = "booking"
    PAYMENT = "payment"
    WAITLIST = "waitlist"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    CABINET = "cabinet"
    OVERSIGHT = "oversight"


class MessageKind(StrEnum):
    BOOKING_CONFIRMED = "booking_confirmed"
    HOW_TO_PREPARE = "how_to_prepare"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOUR = "reminder_hour"
    APPOINTMENT_MOVED = "appointment_moved"
    APPOINTMENT_CANCELED = "appointment_canceled"
    REQUEST_DECLINED = "request_declined"
    AWAITING_PAYMENT = "awaiting_payment"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_RETURNED = "payment_returned"
    WAITLIST_OFFER = "waitlist_offer"
    SIGN_IN_CODE = "sign_in_code"
    STAFF_SIGN_IN = "staff_sign_in"
    CONFIRMATION_CODE = "confirmation_code"
    CONTACT_CHANGED = "contact_changed"
    EXPORT_READY = "export_ready"
    MATERIAL_SHARED = "material_shared"
    STAFF_INVITATION = "staff_invitation"
    CONSENT_CHAIN_HEAD = "consent_chain_head"


class Invitation(StrEnum):
    """The calendar file that goes with a letter (RFC 5546): an invitation or update, or its cancellation."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class KindRules:
    """How a kind of message is treated.

    ``urgent`` ones ignore quiet hours. ``required`` and ``optional`` are the placeholders its text may name.
    ``states`` are the states of the appointment in which it is still true (empty: it speaks of none);
    ``before_start``: worthless once the session begins; ``bound_to_start``: only true of the start it was
    planned for. ``optional_for_client``: the client may switch it off. ``can_be_switched_off``: so may the
    practice. ``rests_on`` is the purpose whose consent must stand when it is sent; letters without one are
    part of what the client ordered, or of the account (152-FZ, art. 6(1)(5): performance of a contract).
    """

    category: Category
    urgent: bool
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    before_start: bool = False
    bound_to_start: bool = False
    invitation: Invitation | None = None
    optional_for_client: bool = False
    can_be_switched_off: bool = True
    rests_on: str | None = None

    @property
    def placeholders(self) -> frozenset[str]:
        return self.required | self.optional


PERSONAL_DATA, COMMUNICATIONS = "personal_data", "communications"
_WHEN = frozenset({"appointment_date", "appointment_time"})
_SESSION = frozenset(
    {
        "client_name",
        "appointment_date",
        "appointment_weekday",
        "appointment_time",
        "timezone",
        "service_name",
        "specialist_name",
        "place",
        "appointment_link",
    }
)
_CONFIRMED = frozenset({"confirmed"})
_WAITING = frozenset({"pending_payment"})

KINDS: dict[MessageKind, KindRules] = {
    MessageKind.BOOKING_CONFIRMED: KindRules(
        category=Category.BOOKING,
        urgent=True,
        required=_WHEN,
        optional=_SESSION | {"amount_due"},
        states=_CONFIRMED,
        before_start=True,
        invitation=Invitation.REQUEST,
    ),
    MessageKind.HOW_TO_PREPARE: KindRules(
        category=Category.BOOKING,
        urgent=False,
        required=frozenset({"appointment_time"}),
        optional=_SESSION,
        states=_CONFIRMED,
        before_start=True,
        optional_for_client=True,
        rests_on=PERSONAL_DATA,
    ),
    MessageKind.REMINDER_DAY: KindRules(
        category=Category.BOOKING,
        urgent=False,
        required=_WHEN,
        optional=_SESSION | {"amount_due"},
        states=_CONFIRMED,
        before_start=True,
        bound_to_start=True,
        optional_for_client=True,
        rests_on=PERSONAL_DATA,
    ),
    MessageKind.REMINDER_HOUR: KindRules(
        category=Category.BOOKING,
        urgent=True,
        required=frozenset({"appointment_time"}),
        optional=_SESSION,
        states=_CONFIRMED,
        before_start=True,
        bound_to_start=True,
        optional_for_client=True,
        rests_on=PERSONAL_DATA,
    ),
    MessageKind.APPOINTMENT_MOVED: KindRules(
        category=Category.BOOKING,
        urgent=True,
        required=_WHEN,
        optional=_SESSION | {"old_date", "old_time"},
        states=_CONFIRMED,
        before_start=True,
        bound_to_start=True,
        invitation=Invitation.REQUEST,
    ),
    MessageKind.APPOINTMENT_CANCELED: KindRules(
        category=Category.BOOKING,
        urgent=True,
        required=_WHEN,
        optional=_SESSION | {"refund_amount"},
        states=frozenset({"canceled"}),
        invitation=Invitation.CANCEL,
    ),
    MessageKind.REQUEST_DECLINED: KindRules(
        category=Category.BOOKING,
        urgent=True,
        required=_WHEN,
        optional=_SESSION - {"place", "appointment_link"},
        states=frozenset({"declined"}),
    ),
    MessageKind.AWAITING_PAYMENT: KindRules(
        category=Category.PAYMENT,
        urgent=True,
        required=frozenset({"appointment_link", "expires_at"}),
        optional=_SESSION | {"amount"},
        states=_WAITING,
        before_start=True,
    ),
    MessageKind.PAYMENT_RECEIVED: KindRules(
        category=Category.PAYMENT,
        urgent=True,
        required=frozenset({"amount"}),
        optional=_SESSION | {"amount_due"},
    ),
    MessageKind.PAYMENT_RETURNED: KindRules(
        category=Category.PAYMENT,
        urgent=False,
        required=frozenset({"refund_amount"}),
        optional=_SESSION - {"place", "appointment_link"},
    ),
    MessageKind.WAITLIST_OFFER: KindRules(
        category=Category.WAITLIST,
        urgent=True,
        required=_WHEN | {"appointment_link", "expires_at"},
        optional=_SESSION | {"amount"},
        states=_WAITING,
        before_start=True,
        rests_on=PERSONAL_DATA,
    ),
    MessageKind.SIGN_IN_CODE: KindRules(
        category=Category.SIGN_IN,
        urgent=True,
        required=frozenset({"code"}),
        optional=frozenset({"minutes"}),
        can_be_switched_off=False,
    ),
    MessageKind.STAFF_SIGN_IN: KindRules(
        category=Category.SIGN_IN, urgent=True, required=frozenset(), can_be_switched_off=False
    ),
    MessageKind.CONFIRMATION_CODE: KindRules(
        category=Category.ACCOUNT,
        urgent=True,
        required=frozenset({"code", "step"}),
        optional=frozenset({"minutes"}),
        can_be_switched_off=False,
    ),
    MessageKind.CONTACT_CHANGED: KindRules(
        category=Category.ACCOUNT,
        urgent=True,
        required=frozenset({"contact"}),
        can_be_switched_off=False,
    ),
    MessageKind.EXPORT_READY: KindRules(
        category=Category.CABINET,
        urgent=True,
        required=frozenset(),
        optional=frozenset({"client_name"}),
    ),
    MessageKind.MATERIAL_SHARED: KindRules(
        category=Category.CABINET,
        urgent=False,
        required=frozenset(),
        optional=frozenset({"client_name"}),
        optional_for_client=True,
        rests_on=COMMUNICATIONS,
    ),
    MessageKind.STAFF_INVITATION: KindRules(
        category=Category.ACCOUNT,
        urgent=True,
        required=frozenset({"invitation_link"}),
        optional=frozenset({"staff_name", "hours"}),
        can_be_switched_off=False,
    ),
    MessageKind.CONSENT_CHAIN_HEAD: KindRules(
        category=Category.OVERSIGHT,
        urgent=True,
        required=frozenset({"chain_number", "chain_head", "chain_date"}),
        can_be_switched_off=False,
    ),
}
REMINDERS = (MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOUR)
SESSION_KINDS = frozenset(kind for kind, rules in KINDS.items() if "service_name" in rules.placeholders)
OPTIONAL_KINDS = frozenset(kind for kind, rules in KINDS.items() if rules.optional_for_client)
"""What a client may switch off, one by one."""
REMINDER_LETTERS = OPTIONAL_KINDS & SESSION_KINDS
"""What the link at the foot of a reminder switches off, all at once."""

assert all(rules.placeholders <= PLACEHOLDERS.keys() for rules in KINDS.values())  # noqa: S101 - a slip here must stop the start
