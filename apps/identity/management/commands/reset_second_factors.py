"""``manage.py reset_second_factors``: for an owner who has lost every device and no colleague can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.identity import wiring
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.roles import STAFF
from apps.identity.domain.user import UserNotFound
from apps.identity.infrastructure.models import User
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.errors import DomainError


class Command(BaseCommand):
    help = (
        "Remove the second factors of somebody of the practice: they are signed out and enrol anew at the "
        "next sign-in. Written to the audit log."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email = normalise_email(options["email"])
            user = User.objects.filter(email=email, role__in=[role.value for role in STAFF]).first()
            if user is None:
                raise UserNotFound
            wiring.reset_second_factors()(user_id=user.pk, actor=SYSTEM, at=timezone.now())
        except DomainError as error:
            raise CommandError(_(error.message) % error.params) from error
        self.stdout.write(self.style.SUCCESS(_("The second factor is reset.")))
