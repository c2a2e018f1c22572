"""The environment is made with an interpreter that really runs, and only when something has changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path):
    """A bare checkout with a home and a PATH of its own, without any Python."""
    (tmp_path / "checkout" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "bootstrap", tmp_path / "checkout" / "bin" / "bootstrap")
    (tmp_path / "checkout" / "requirements-dev.txt").write_text("")
    (tmp_path / "path").mkdir()
    for tool in ("sh", "cat", "cksum", "dirname", "rm", "awk", "id", "uname", "pwd"):
        (tmp_path / "path" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def program(checkout: Path, name: str, script: str) -> None:
    path = checkout / "path" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def bootstrap(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(checkout / "checkout" / "bin" / "bootstrap")],
        env={"PATH": str(checkout / "path"), "HOME": str(checkout), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_uv(checkout: Path) -> None:
    """Installs nothing, and writes down how it was called."""
    program(checkout, "uv", f'echo "$@" >> "{checkout}/uv.log"; [ "$1" = pip ]')


def test_shims_that_do_not_run_and_old_interpreters_are_passed_over(checkout):
    program(checkout, "python3.13", 'echo "pyenv: python3.13: command not found" >&2; exit 127')
    program(checkout, "python3.14", "exit 127")
    program(checkout, "python3.12", "exit 1")
    program(checkout, "python3", f'exec "{sys.executable}" "$@"')
    fake_uv(checkout)

    result = bootstrap(checkout)

    assert result.returncode == 0, result.stderr
    assert (checkout / "checkout" / ".venv" / "bin" / "python").exists()
    assert (checkout / "uv.log").read_text().startswith("pip sync")


def test_the_interpreter_that_was_named_comes_first(checkout):
    program(checkout, "python3", "exit 1")
    fake_uv(checkout)

    result = bootstrap(checkout, PYTHON=sys.executable)

    assert result.returncode == 0, result.stderr


def test_nothing_is_done_when_nothing_has_changed(checkout):
    fake_uv(checkout)
    assert bootstrap(checkout, PYTHON=sys.executable).returncode == 0

    again = bootstrap(checkout, PYTHON=sys.executable)

    assert (again.returncode, again.stdout) == (0, "")
    assert (checkout / "uv.log").read_text().count("pip sync") == 1


def test_changed_requirements_are_installed(checkout):
    fake_uv(checkout)
    bootstrap(checkout, PYTHON=sys.executable)
    (checkout / "checkout" / "requirements-dev.txt").write_text("# changed\n")

    assert bootstrap(checkout, PYTHON=sys.executable).returncode == 0
    assert (checkout / "uv.log").read_text().count("pip sync") == 2


def test_an_environment_whose_interpreter_has_gone_is_made_anew(checkout):
    fake_uv(checkout)
    bootstrap(checkout, PYTHON=sys.executable)
    python = checkout / "checkout" / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")

    assert bootstrap(checkout, PYTHON=sys.executable).returncode == 0
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_without_any_python_there_is_advice(checkout):
    result = bootstrap(checkout)

    if os.access("/usr/local/bin/python3.12", os.X_OK) or os.access("/usr/local/bin/python3.13", os.X_OK):
        pytest.skip("this machine has a Python at a place that is always tried")
    assert result.returncode == 1
    assert "Python 3.12 or newer is needed" in result.stderr
