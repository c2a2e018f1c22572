"""Absolute addresses that letters carry."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from apps.payments import facade as payments

_SALT = "messaging.reminders"


class PublicLinks:
    """Links (port)."""

    def appointment(self, appointment_id: UUID) -> str:
        return payments.pay_link(appointment_id)

    def reminders_off(self, client_id: UUID) -> str:
        path = reverse("messaging-reminders", kwargs={"token": reminders_token(client_id)})
        return f"{settings.PUBLIC_URL}{path}"


def reminders_token(client_id: UUID) -> str:
    """Names a client to the page where they switch reminders off; nobody else can make it."""
    return Signer(salt=_SALT).sign(client_id.hex)


def client_of(token: str) -> UUID | None:
    """Whom a token of :func:`reminders_token` names; None for a forged one."""
    try:
        return UUID(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
