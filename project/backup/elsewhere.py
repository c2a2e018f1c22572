"""Django on another database than its own, for the time of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from project.backup.server import Server


@contextmanager
def django_at(server: Server) -> Iterator[None]:
    """Inside the block everything of this thread that asks Django's database asks ``server``'s."""
    ours = connections[DEFAULT_DB_ALIAS]
    parameters = dict(server.parameters)
    options = {name: value for name, value in ours.settings_dict["OPTIONS"].items() if name != "pool"}
    settings: dict[str, Any] = {
        **ours.settings_dict,
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "NAME": parameters.pop("dbname"),
        "OPTIONS": {**options, **parameters},
    }
    theirs = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = theirs
    try:
        yield
    finally:
        theirs.close()
        connections[DEFAULT_DB_ALIAS] = ours
