"""Signing in by a code: what may go wrong, told without telling who exists."""

from datetime import datetime, timedelta

from apps.kernel.domain.errors import DomainError, gettext_noop

REQUESTS_PER_WINDOW = 5
WINDOW_SECONDS = 3600
"""At most five letters an hour to one address, however many are asked for."""
FRESH_FOR = timedelta(minutes=15)
"""How long signing in proves that it is the person themselves who changes how they sign in (ASVS 7.5.1)."""


class SignInCodeInvalid(DomainError):
    """Wrong, expired, used or locked: one answer for all, so that nobody learns which."""

    code = "sign_in_code_invalid"
    message = gettext_noop("This code does not fit or is no longer valid. Ask for a new one, please.")


class SignInAgain(DomainError):
    code = "sign_in_again"
    message = gettext_noop("Please sign in once more: contacts change only soon after signing in.")


def ensure_fresh(signed_in_at: datetime, *, at: datetime) -> None:
    """Raises SignInAgain when somebody signed in longer than ``FRESH_FOR`` ago."""
    if at - signed_in_at > FRESH_FOR:
        raise SignInAgain
