"""People of the tests, each with the least they need."""

from itertools import count
from typing import Any

from django.test import Client as Browser

from apps.identity.models import User

PASSWORD = "a long enough password"
_numbers = count(1)


def person(role: str = "client", **fields: Any) -> User:
    """Somebody with their own e-mail address; people of the practice have PASSWORD."""
    number = next(_numbers)
    fields.setdefault("email", f"{role}{number}@example.ru")
    fields.setdefault("display_name", f"{role.title()} {number}")
    email = fields.pop("email")
    return User.objects.create_user(email, None if role == "client" else PASSWORD, role=role, **fields)


def browser_of(user: User) -> Browser:
    """A browser in which ``user`` is signed in to the workspace."""
    browser = Browser()
    browser.force_login(user, backend="apps.identity.infrastructure.permissions.RoleBackend")
    return browser
