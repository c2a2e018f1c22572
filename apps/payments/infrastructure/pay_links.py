"""Signed links by which a client sees and pays an appointment without signing in."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "payments.pay_link"


def pay_link(appointment_id: UUID) -> str:
    """The absolute address of the appointment's payment page; it is as secret as the letter that holds it."""
    return settings.PUBLIC_URL + reverse("pay", kwargs={"token": pay_token(appointment_id)})


def pay_token(appointment_id: UUID) -> str:
    return signing.Signer(salt=SALT).sign(appointment_id.hex)


def appointment_of(token: str) -> UUID | None:
    """The appointment that a token was made for; None for a forged or damaged one."""
    try:
        return UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def return_page(appointment_id: UUID) -> str:
    """The path of the page that tells how a payment went."""
    return reverse("pay-return", kwargs={"token": pay_token(appointment_id)})
