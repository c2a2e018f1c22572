"""``manage.py create_owner``: the first account of a practice."""

import os
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.identity import wiring
from apps.identity.domain.roles import Role
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.errors import DomainError

PASSWORD_VARIABLE = "OWNER_PASSWORD"  # noqa: S105  # the name of a variable, not a password


class Command(BaseCommand):
    help = (
        "Create an owner who signs in to the workspace. The password is asked for, or taken from the "
        f"environment variable {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="how the owner is called in the workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get(PASSWORD_VARIABLE) or self._asked_password()
        try:
            wiring.employ()(
                email=options["email"],
                display_name=options["name"],
                role=Role.OWNER,
                password=password,
                actor=SYSTEM,
                at=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(_(error.message) % error.params) from error
        self.stdout.write(self.style.SUCCESS(_("The owner can sign in now.")))

    def _asked_password(self) -> str:
        password = getpass(_("Password: "))
        if getpass(_("The same password again: ")) != password:
            raise CommandError(_("The passwords differ."))
        return password
