"""Passwords of the people of the practice, by Django's hashers and validators."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.identity.domain.user import PasswordTooWeak
from apps.identity.infrastructure.models import User


class DjangoPasswords:
    """Passwords (port) over the table of users."""

    def set(self, *, user_id: UUID, password: str) -> None:
        user = User.objects.get(pk=user_id)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise PasswordTooWeak(field="password", advice=" ".join(error.messages)) from error
        user.set_password(password)
        user.save(update_fields=["password"])
