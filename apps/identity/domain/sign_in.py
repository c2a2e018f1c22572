"""Signing in by a code: what may go wrong, told without telling who exists."""

from apps.kernel.domain.errors import DomainError, gettext_noop

REQUESTS_PER_WINDOW = 5
WINDOW_SECONDS = 3600
"""At most five letters an hour to one address, however many are asked for."""


class SignInCodeInvalid(DomainError):
    """Wrong, expired, used or locked: one answer for all, so that nobody learns which."""

    code = "sign_in_code_invalid"
    message = gettext_noop("This code does not fit or is no longer valid. Ask for a new one, please.")
