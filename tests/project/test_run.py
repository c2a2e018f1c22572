"""The runner of `make run` refuses what cannot work with a sentence that says what to do."""

import fcntl
import socket
import time

import pytest

from project import run


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_port_in_use_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(run.CannotRun, match=r"cannot be used .* make run PORT="):
            run._check_port("127.0.0.1", "PORT", str(taken.getsockname()[1]))


@pytest.mark.parametrize("port", ["", "http", "-1", "0", "65536", "80.0"])
def test_a_port_that_is_none_is_told(port):
    with pytest.raises(run.CannotRun, match="which is no port"):
        run._check_port("127.0.0.1", "PORT", port)


def test_a_free_port_is_taken():
    run._check_port("127.0.0.1", "PORT", str(_free_port()))


def test_the_sandbox_moves_with_the_port_of_web(monkeypatch):
    monkeypatch.setattr(run, "_check_port", lambda *arguments: None)
    monkeypatch.delenv("SANDBOX_PORT", raising=False)
    monkeypatch.setenv("PORT", "8100")
    monkeypatch.setenv("SANDBOX_SMTP_PORT", "2525")

    assert run._ports("127.0.0.1") == {"PORT": 8100, "SANDBOX_PORT": 8110, "SANDBOX_SMTP_PORT": 2525}


def test_a_port_of_the_sandbox_in_use_is_told_by_its_name(monkeypatch):
    monkeypatch.setenv("PORT", str(_free_port()))
    monkeypatch.setenv("SANDBOX_PORT", str(_free_port()))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("SANDBOX_SMTP_PORT", str(taken.getsockname()[1]))

        with pytest.raises(run.CannotRun, match="make run SANDBOX_SMTP_PORT="):
            run._ports("127.0.0.1")


def test_two_do_not_run_with_the_same_data(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "DATA_DIR", tmp_path)
    with (tmp_path / ".run.lock").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)

        with pytest.raises(run.CannotRun, match="already runs"), run._only_one():
            pass

    with run._only_one():
        pass


def test_a_step_shows_that_it_goes_on(capsys):
    with run.step("Waiting"):
        time.sleep(1.1)

    assert capsys.readouterr().out.startswith("→ Waiting . 1.")


def test_a_failed_step_says_so(capsys):
    with pytest.raises(ZeroDivisionError), run.step("Dividing"):
        print(1 / 0)

    assert capsys.readouterr().out == "→ Dividing  failed\n"


def test_everybody_on_the_staff_of_the_demo_is_announced():
    accounts = run._demo_accounts()

    assert [account.split()[-1] for account in accounts] == ["owner", "assistant", "editor"]


def test_a_new_migration_is_noticed(tmp_path, monkeypatch):
    migrations = tmp_path / "apps" / "booking" / "migrations"
    migrations.mkdir(parents=True)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    before = run._fingerprint()

    (migrations / "0099_more.py").write_text("")

    assert run._fingerprint() != before
