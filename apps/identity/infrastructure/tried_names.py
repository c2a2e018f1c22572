"""Names that somebody tried to sign in with: counted for lockouts, and written down nowhere."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.kernel.infrastructure.keyed_hash import keyed_hash


def tried_name(name: str) -> str:
    """A keyed hash, so that tries at one account can be told from tries at many."""
    return keyed_hash("tried address", name.strip().lower())


def of_attempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What axes keeps instead of the name (``AXES_USERNAME_CALLABLE``)."""
    given = credentials or getattr(request, "data", None) or request.POST
    return tried_name(str(given.get(settings.AXES_USERNAME_FORM_FIELD) or ""))
