"""The embedded PostgreSQL starts from nothing, survives a kill, and runs wherever the checkout stands."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from project import embedded_postgres
from project.embedded_postgres import place, server
from project.embedded_postgres.place import Cluster, EmbeddedPostgresError, binaries_of

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not AS_ROOT, reason="needs root, which has to give up its rights")


@pytest.fixture
def data_dir():
    """A data directory that everybody may enter, with a short path; whatever ran there is stopped."""
    path = Path(tempfile.mkdtemp(prefix="eb-", dir="/tmp")).resolve()
    path.chmod(0o755)
    yield path
    embedded_postgres.destroy(path, testing=True)
    shutil.rmtree(path)


def ask(url: str, question: str):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def start(path: Path) -> str:
    embedded_postgres.ensure_running(path, testing=True)
    return embedded_postgres.url(path, testing=True)


def kill_server(path: Path) -> None:
    home = Cluster.of(path, testing=True).home
    os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def test_a_new_cluster_is_what_the_project_needs(data_dir):
    url = start(data_dir)

    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert ask(url, "SHOW default_text_search_config") == "pg_catalog.russian"
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SELECT lower('ЁЖИК')") == "ёжик"
    for extension in ("btree_gist", "pg_trgm"):
        assert ask(url, f"SELECT count(*) FROM pg_available_extensions WHERE name = '{extension}'") == 1


def test_starting_stopping_and_starting_again_keeps_the_data(data_dir):
    url = start(data_dir)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    assert embedded_postgres.ensure_running(data_dir, testing=True) is False, "it runs already"
    assert embedded_postgres.stop(data_dir, testing=True) is True
    assert embedded_postgres.is_running(data_dir, testing=True) is False
    assert embedded_postgres.stop(data_dir, testing=True) is False, "there is nothing to stop"
    assert embedded_postgres.ensure_running(data_dir, testing=True) is True
    assert ask(url, "SELECT answer FROM kept") == 42


def test_a_killed_server_is_started_again(data_dir):
    url = start(data_dir)

    kill_server(data_dir)

    assert embedded_postgres.ensure_running(data_dir, testing=True) is True
    assert ask(url, "SELECT 1") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process is")
def test_the_lock_of_another_program_with_the_same_number_is_no_obstacle(data_dir):
    start(data_dir)
    embedded_postgres.stop(data_dir, testing=True)
    lock = Cluster.of(data_dir, testing=True).data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n")

    assert embedded_postgres.ensure_running(data_dir, testing=True) is True


def test_two_processes_may_start_it_at_once(data_dir):
    program = [sys.executable, "-m", "project.embedded_postgres", "start", "--testing"]
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)

    both = [subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    answers = {process.communicate()[0].decode().strip() for process in both}

    assert [process.returncode for process in both] == [0, 0]
    assert answers == {embedded_postgres.url(data_dir, testing=True)}


def test_a_long_path_moves_the_socket_to_a_private_directory(data_dir):
    deep = data_dir / ("deep-" + "x" * 90)
    deep.mkdir()

    try:
        url = start(deep)
        socket_dir = Cluster.of(deep, testing=True).socket_dir
        assert socket_dir.parent == Path("/tmp")
        assert socket_dir.stat().st_mode & 0o777 == 0o700
        assert ask(url, "SELECT 1") == 1
    finally:
        embedded_postgres.destroy(deep, testing=True)
    assert not socket_dir.exists()


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(place.os, "geteuid", lambda: 12345)

    with pytest.raises(EmbeddedPostgresError, match="belongs to another user"):
        place.private_directory(tmp_path, 12345, 12345)


def test_data_of_another_version_are_refused(data_dir):
    start(data_dir)
    embedded_postgres.stop(data_dir, testing=True)
    (Cluster.of(data_dir, testing=True).data / "PG_VERSION").write_text("12\n")

    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 12"):
        embedded_postgres.ensure_running(data_dir, testing=True)


def test_a_missing_package_is_told(data_dir, monkeypatch):
    monkeypatch.setattr(place.importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL is not set"):
        embedded_postgres.ensure_running(data_dir, testing=True)


def test_running_leaves_a_server_as_it_was(data_dir, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with embedded_postgres.running(data_dir, testing=True):
        with embedded_postgres.running(data_dir, testing=True):
            pass
        assert embedded_postgres.is_running(data_dir, testing=True), "the inner block had not started it"
    assert not embedded_postgres.is_running(data_dir, testing=True)


def test_the_cluster_of_make_run_gives_up_no_safety(data_dir):
    try:
        embedded_postgres.ensure_running(data_dir)
        url = embedded_postgres.url(data_dir)
        assert [ask(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
            "on",
            "on",
            "on",
        ]
    finally:
        embedded_postgres.destroy(data_dir)


@root_only
class TestAsRoot:
    def test_the_server_runs_as_somebody_without_rights(self, data_dir):
        start(data_dir)

        cluster = Cluster.of(data_dir, testing=True)
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
        assert pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name in ("postgres", "nobody")

    def test_a_data_directory_that_nobody_else_may_enter_is_no_obstacle(self, data_dir):
        data_dir.chmod(0o700)

        url = start(data_dir)

        cluster = Cluster.of(data_dir, testing=True)
        assert cluster.home.is_relative_to(place.SHARED_ROOT)
        assert ask(url, "SELECT 1") == 1
        embedded_postgres.destroy(data_dir, testing=True)
        assert not cluster.home.exists()
        assert data_dir.stat().st_mode & 0o777 == 0o700, "the directory was not opened to others"

    def test_binaries_that_nobody_else_may_reach_are_copied(self, data_dir, monkeypatch, tmp_path):
        package = place._installed().parent
        hidden = tmp_path / package.name / "pginstall"
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, tmp_path / part.name, symlinks=True)
        tmp_path.chmod(0o700)
        monkeypatch.setattr(place, "_installed", lambda: hidden)
        monkeypatch.setattr(place, "SHARED_ROOT", data_dir / "shared")
        monkeypatch.setattr(server, "SHARED_ROOT", data_dir / "shared")

        url = start(data_dir)

        assert binaries_of(Cluster.of(data_dir, testing=True)).is_relative_to(data_dir / "shared")
        assert ask(url, "SELECT 1") == 1
        assert len(list((data_dir / "shared").glob("binaries-*"))) == 1
