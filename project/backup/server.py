"""Where a database is, as libpq is told: for connections of our own and for PostgreSQL's programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


@dataclass(frozen=True)
class Server:
    """One database of a server. ``parameters`` are libpq's; a password among them is never shown."""

    parameters: Mapping[str, str]

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> "Server":
        """From an entry of Django's ``DATABASES``."""
        given = {
            "host": settings.get("HOST"),
            "port": settings.get("PORT"),
            "user": settings.get("USER"),
            "password": settings.get("PASSWORD"),
            "dbname": settings.get("NAME"),
            **settings.get("OPTIONS", {}),
        }
        return cls({name: str(given[name]) for name in _VARIABLES if given.get(name)})

    @classmethod
    def of_url(cls, url: str) -> "Server":
        """From ``postgresql://…``. Raises psycopg.ProgrammingError when it is none."""
        given = conninfo_to_dict(url)
        return cls({name: str(given[name]) for name in _VARIABLES if given.get(name)})

    @property
    def database(self) -> str:
        return self.parameters["dbname"]

    def at(self, database: str) -> "Server":
        """Another database of the same server."""
        return Server({**self.parameters, "dbname": database})

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of our own, outside of Django. Raises psycopg.OperationalError."""
        return psycopg.connect(make_conninfo(**self.parameters), autocommit=autocommit)

    def environment(self) -> dict[str, str]:
        """The variables that tell PostgreSQL's programs where to go: no argument shows a password."""
        return {_VARIABLES[name]: value for name, value in self.parameters.items()}

    def __repr__(self) -> str:
        return f"Server({self.database})"
