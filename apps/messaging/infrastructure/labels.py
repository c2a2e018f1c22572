"""Words for the codes of the domain, as people read them in lists."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.messaging.domain.kinds import Category, Channel, MessageKind
from apps.messaging.domain.message import MessageStatus, RecipientKind, Result

CHANNELS = [(Channel.EMAIL.value, _("e-mail"))]
CATEGORIES = {
    Category.BOOKING: _("Booking"),
    Category.PAYMENT: pgettext_lazy("category of messages", "Payment"),
    Category.WAITLIST: _("Waitlist"),
    Category.SIGN_IN: _("Signing in"),
    Category.ACCOUNT: pgettext_lazy("category of messages", "Account"),
    Category.CABINET: pgettext_lazy("category of messages", "Client's cabinet"),
    Category.OVERSIGHT: pgettext_lazy("category of messages", "To the owner"),
}
KINDS = [
    (MessageKind.BOOKING_CONFIRMED.value, _("Booking confirmed")),
    (MessageKind.HOW_TO_PREPARE.value, _("How to prepare")),
    (MessageKind.REMINDER_DAY.value, _("First reminder")),
    (MessageKind.REMINDER_HOUR.value, _("Second reminder")),
    (MessageKind.APPOINTMENT_MOVED.value, _("Appointment moved")),
    (MessageKind.APPOINTMENT_CANCELED.value, _("Appointment canceled")),
    (MessageKind.REQUEST_DECLINED.value, _("Request declined")),
    (MessageKind.AWAITING_PAYMENT.value, _("Link to pay")),
    (MessageKind.PAYMENT_RECEIVED.value, _("Payment received")),
    (MessageKind.PAYMENT_RETURNED.value, _("Money returned")),
    (MessageKind.WAITLIST_OFFER.value, _("Offer from the waitlist")),
    (MessageKind.SIGN_IN_CODE.value, _("Sign-in code")),
    (MessageKind.STAFF_SIGN_IN.value, _("Sign-in of staff")),
    (MessageKind.CONFIRMATION_CODE.value, _("Confirmation code")),
    (MessageKind.CONTACT_CHANGED.value, _("Contact changed")),
    (MessageKind.EXPORT_READY.value, _("Export is ready")),
    (MessageKind.MATERIAL_SHARED.value, _("Material after a session")),
    (MessageKind.STAFF_INVITATION.value, _("Invitation to the practice")),
    (MessageKind.CONSENT_CHAIN_HEAD.value, _("Head of the chain of consents")),
]
STATUSES = [
    (MessageStatus.PLANNED.value, pgettext_lazy("state of a letter", "planned")),
    (MessageStatus.SENDING.value, pgettext_lazy("state of a letter", "being sent")),
    (MessageStatus.SENT.value, pgettext_lazy("state of a letter", "sent")),
    (MessageStatus.FAILED.value, pgettext_lazy("state of a letter", "not delivered")),
    (MessageStatus.SKIPPED.value, pgettext_lazy("state of a letter", "not needed")),
    (MessageStatus.UNKNOWN.value, pgettext_lazy("state of a letter", "outcome unknown")),
]
RECIPIENTS = [
    (RecipientKind.CLIENT.value, _("client")),
    (RecipientKind.SIGN_IN.value, _("somebody who signs in")),
    (RecipientKind.STAFF.value, _("a trial to oneself")),
    (RecipientKind.CONFIRMATION.value, _("somebody who confirms a step")),
    (RecipientKind.INVITATION.value, _("somebody invited to the practice")),
    (RecipientKind.OWNER.value, pgettext_lazy("recipient of a letter", "owner")),
]
RESULTS = {
    Result.MOVED: _("the appointment was moved"),
    Result.CANCELED: _("the appointment has ended"),
    Result.STATE_PASSED: _("the state it speaks of has passed"),
    Result.TOO_LATE: _("too late to be of use"),
    Result.SWITCHED_OFF: _("switched off in the settings"),
    Result.OPTED_OUT: _("the client does not want reminders"),
    Result.NO_CONSENT: _("the client has not consented to it, or no longer does"),
    Result.REPLACED: _("a newer request took its place"),
    Result.BY_HAND: _("called off by hand"),
    Result.NO_ADDRESS: _("no e-mail address is known"),
    Result.ADDRESS_INVALID: _("the address cannot be written to"),
    Result.NOT_COMPOSED: _("the letter could not be composed"),
    Result.DEFECT: _("something went wrong on our side"),
    Result.NO_CONNECTION: _("the mail server was not reached"),
    Result.NO_ANSWER: _("the mail server's answer was lost"),
    Result.SENDER_REFUSED: _("the mail server refuses our sender"),
}


def result_text(code: str) -> str:
    """``code`` of a result in words; a server's answer with its number."""
    if code.startswith("smtp_"):
        return str(_("the mail server answered %(code)s")) % {"code": code.removeprefix("smtp_")}
    try:
        return str(RESULTS.get(Result(code), ""))
    except ValueError:
        return code
