"""Names that somebody tried to sign in with: counted for lockouts, and written down nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from apps.kernel.infrastructure.keyed_hash import keyed_hash


def tried_name(name: str) -> str:
    """A keyed hash, so that tries at one account can be told from tries at many."""
    return keyed_hash("tried address", name.strip().lower())


def of_attempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What axes keeps instead of the name (``AXES_USERNAME_CALLABLE``)."""
    given = credentials or getattr(request, "data", None) or request.POST
    return tried_name(str(given.get(settings.AXES_USERNAME_FORM_FIELD) or ""))


@contextmanager
def one_try_at_a_time(request: HttpRequest) -> Iterator[None]:
    """Tries at one name wait for each other, so that each sees how many came before: of many sent at once
    all would be looked at otherwise, before the first of them is counted. What is written within is kept
    together. After the last try that is allowed nobody waits long: the others are refused unlooked at.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [of_attempt(request)])
        yield
