"""A second PostgreSQL for restores, one of a session."""

import pyrage
import pytest

from project.backup import configured
from project.backup.drill import fresh_server
from project.backup.programs import Programs
from project.backup.server import Server


@pytest.fixture(scope="session")
def other_server():
    """The URL of a PostgreSQL that is not the one of the tests."""
    with fresh_server() as server:
        yield f"postgresql://{server.parameters['user']}@/postgres?host={server.parameters['host']}"


@pytest.fixture
def restored_to(other_server):
    """A database of that server which is not there yet."""
    server = Server.of_url(other_server)
    yield server.at("practice")
    with server.connect() as connection:
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'practice%'"
        ).fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def backups(settings, tmp_path, identity):
    """A directory for backups, with the settings that make them; the private key is in ``key`` beside it."""
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    settings.BACKUP_DIR = str(tmp_path / "backups")
    (tmp_path / "key").write_text(f"# a remark\n{identity}\n")
    settings.BACKUP_KEY_FILE = str(tmp_path / "key")
    return tmp_path / "backups"


@pytest.fixture
def source(db) -> Server:
    return configured.source()


@pytest.fixture(scope="session")
def programs() -> Programs:
    return Programs.find()
