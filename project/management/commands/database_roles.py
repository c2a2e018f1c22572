"""Print or run the SQL of the three database roles."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

from project.database_roles import DatabaseRoles, configured


class Command(BaseCommand):
    help = (
        "Print the SQL that makes the three roles of PostgreSQL (owner, application, backup), hands all "
        "tables to the owner and grants the others what they need. Running it again changes nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--grants", action="store_true", help="only the grants, which the owner may run")
        parser.add_argument("--apply", action="store_true", help="run it instead of printing it")

    def handle(self, *, grants: bool, apply: bool, **options: Any) -> None:
        try:
            roles = configured() or DatabaseRoles()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        statements = roles.sql(roles=not grants, hand_over=not grants)
        if not apply:
            self.stdout.write(f"BEGIN;{statements}COMMIT;")
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements)
        except DatabaseError as error:
            raise CommandError(f"Nothing was changed. {str(error).splitlines()[0]}") from None
        self.stdout.write(f"{roles.owner} owns, {roles.application} works, {roles.backup} reads.")
