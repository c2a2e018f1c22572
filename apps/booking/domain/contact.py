"""How somebody on the waitlist wants to be reached."""

import re

from apps.kernel.domain.errors import DomainError, gettext_noop

_TELEGRAM_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{4,31})")
_TELEGRAM_ID = re.compile(r"[1-9][0-9]{4,14}")


class ContactRequired(DomainError):
    code = "contact_required"
    message = gettext_noop("Please tell us how to reach you.")


class InvalidTelegram(DomainError):
    code = "invalid_telegram"
    message = gettext_noop("Enter a Telegram name such as @name, or a numeric id.")


def normalise_telegram(text: str) -> str:
    """``@name`` for a name (with or without the @), the digits for an id. Raises InvalidTelegram."""
    text = text.strip()
    if _TELEGRAM_ID.fullmatch(text):
        return text
    name = _TELEGRAM_NAME.fullmatch(text)
    if name is None:
        raise InvalidTelegram(field="contact")
    return f"@{name[1]}"
