"""What each placeholder stands for, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.placeholders import PLACEHOLDERS

WORDS: dict[str, Any] = {
    "client_name": _("the client's name"),
    "appointment_date": _("day of the session"),
    "appointment_weekday": _("weekday of the session"),
    "appointment_time": _("start of the session by the client's clock"),
    "timezone": _("the client's time zone"),
    "service_name": _("name of the service"),
    "specialist_name": _("name of the specialist"),
    "place": _("link to the meeting, or address"),
    "appointment_link": _("page of the booking: see, pay, answer"),
    "old_date": _("day before the move"),
    "old_time": _("start before the move"),
    "amount": _("amount"),
    "amount_due": _("what is left to pay; nothing when all is paid"),
    "refund_amount": _("what is given back; nothing when there is nothing"),
    "expires_at": _("until when the time is kept"),
    "code": _("the code"),
    "minutes": _("how long the code works"),
    "step": _("what the code is for: “to …”"),
    "contact": _("which contact has changed"),
    "staff_name": _("the name of whoever is invited"),
    "invitation_link": _("link of the invitation"),
    "hours": _("how long the link works"),
    "chain_number": _("number of the last verified consent"),
    "chain_head": _("hash that the chain of consents ends with"),
    "chain_date": _("when the chain was verified"),
}


def placeholders_of(kind: MessageKind, language: str) -> list[dict[str, Any]]:
    """The placeholders that a message knows, in the order of the catalogue."""
    rules = KINDS[kind]
    return [
        {
            "name": name,
            "words": WORDS[name],
            "required": name in rules.required,
            "sample": placeholder.sample(language),
        }
        for name, placeholder in PLACEHOLDERS.items()
        if name in rules.placeholders
    ]
