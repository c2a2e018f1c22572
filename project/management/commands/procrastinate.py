"""procrastinate's command; a worker starts only when no erased person has come back with a backup."""

from typing import Any

from django.db import connections
from procrastinate.contrib.django.management.commands.procrastinate import Command as Procrastinate

from project.start_guard import refuse_before_replay


class Command(Procrastinate):
    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("command") == "worker":
            refuse_before_replay()
            connections.close_all()  # the worker has connections of its own
        super().handle(*args, **options)
