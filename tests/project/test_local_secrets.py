"""Secrets of a development machine are made once and kept private."""

import stat
from itertools import count

from project.local_secrets import kept_secret


def test_a_secret_is_made_once(tmp_path):
    made = count(1)

    first = kept_secret(tmp_path, "key", lambda: f"secret {next(made)}")
    second = kept_secret(tmp_path, "key", lambda: f"secret {next(made)}")

    assert first == second == "secret 1"


def test_the_quicker_of_two_processes_wins(tmp_path):
    def make_while_another_process_is_quicker() -> str:
        (tmp_path / "secrets" / "key").write_text("theirs")
        return "ours"

    assert kept_secret(tmp_path, "key", make_while_another_process_is_quicker) == "theirs"


def test_only_the_owner_reads_it(tmp_path):
    kept_secret(tmp_path, "key", lambda: "secret")

    assert stat.S_IMODE((tmp_path / "secrets" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]
