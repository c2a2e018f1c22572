"""Steps that people who are signed in prove by a code sent to them, and how often they may ask for one."""

from datetime import timedelta
from enum import StrEnum

from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

REQUESTS_PER_PERSON = 10
"""Codes an hour for one person, whatever they are for."""
LETTERS_PER_ADDRESS = 5
"""Codes an hour to one address that is not the person's own yet, whoever asks for them."""
PHONE_CHANGES = 3
"""Numbers a day that one person may try: nothing proves a number, so nobody shall try out whose they are."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class ConfirmationPurpose(StrEnum):
    """What a code is for; one that was sent for a purpose serves no other."""

    CHANGE_EMAIL = "change_email"
    CHANGE_PHONE = "change_phone"
    ERASE_ENTRY = "erase_entry"
    ERASE_DIARY = "erase_diary"
    ERASE_ACCOUNT = "erase_account"


class ConfirmationCodeInvalid(DomainError):
    """Wrong, expired, used, locked, replaced, or somebody else's: one answer for all."""

    code = "confirmation_code_invalid"
    message = gettext_noop("This code does not fit or is no longer valid. Ask for a new one, please.")
    leaves_trace = True


class ConfirmationNotFound(NotFound):
    """There is no such step, or it is somebody else's."""

    code = "confirmation_not_found"
    message = gettext_noop("There is nothing to confirm here.")


class TooManyConfirmations(DomainError):
    """``retry_after`` is how many seconds pass at most until the next code."""

    code = "too_many_codes"
    message = gettext_noop("You have asked for many codes already. Please try again later.")


class NoAddressForCode(DomainError):
    code = "email_needed"
    message = gettext_noop("Add an e-mail address first: codes are sent to it.")
