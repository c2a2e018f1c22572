"""Contacts in their one normal form, so that a person is found however they typed them."""

import re
from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop

EMAIL_MAX_LENGTH = 254
_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PHONE_DECORATION = re.compile(r"[\s().\u00a0\u2010-\u2015-]")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


class ContactKind(StrEnum):
    """A way to reach somebody that they can change by themselves."""

    EMAIL = "email"
    PHONE = "phone"


class InvalidEmail(DomainError):
    code = "invalid_email"
    message = gettext_noop("Enter a valid e-mail address.")


class InvalidPhone(DomainError):
    code = "invalid_phone"
    message = gettext_noop("Enter a phone number with its country code, for example +7 912 345-67-89.")


def normalise_email(text: str) -> str:
    """The address in lower case with an ASCII (IDNA) domain. Raises InvalidEmail."""
    local, at, domain = text.strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InvalidEmail(field="email") from error
    email = f"{local}@{domain}"
    valid = at and len(local) <= 64 and len(email) <= EMAIL_MAX_LENGTH
    if not valid or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise InvalidEmail(field="email")
    return email


def normalise_phone(text: str) -> str:
    """The number in E.164 (``+79123456789``). Raises InvalidPhone.

    Russian habits are understood: a leading 8, and ten digits that begin with 9.
    """
    digits = _PHONE_DECORATION.sub("", text)
    if re.fullmatch(r"8[0-9]{10}", digits):
        digits = "+7" + digits[1:]
    elif re.fullmatch(r"9[0-9]{9}", digits):
        digits = "+7" + digits
    elif re.fullmatch(r"7[0-9]{10}", digits):
        digits = "+" + digits
    elif digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _PHONE.fullmatch(digits):
        raise InvalidPhone(field="phone")
    return digits


def normalise_contact(kind: ContactKind, text: str) -> str:
    """The contact in its normal form. Raises InvalidEmail, InvalidPhone; the input to blame is ``value``."""
    try:
        return normalise_email(text) if kind is ContactKind.EMAIL else normalise_phone(text)
    except (InvalidEmail, InvalidPhone) as error:
        raise type(error)(field="value") from error
