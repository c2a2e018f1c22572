"""Heads of the chain of consents in a file outside the database: a JSON object a line, only ever appended."""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from apps.identity.application.consent_ports import HeadsUnreadable
from apps.identity.domain.consent_chain import PublishedHead


class FileHeads:
    """PublishedHeads in a file; a file that is not there yet holds none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[PublishedHead]:
        """A last line that was cut off in the middle was never published and does not count."""
        try:
            whole, _, _ = self._path.read_text(encoding="utf-8").rpartition("\n")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeError) as error:
            raise HeadsUnreadable(f"{self._path}: {type(error).__name__}") from error
        lines = whole.splitlines()
        return [self._head(line, number) for number, line in enumerate(lines, start=1) if line.strip()]

    def publish(self, head: PublishedHead) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self._path.exists()
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = self.all()
            if known and (known[-1].seq, known[-1].head) == (head.seq, head.head):
                return
            _drop_torn_line(file)
            told = {"seq": head.seq, "head": head.head, "at": head.at.isoformat()}
            file.write(json.dumps(told).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _sync_folder(self._path.parent)

    def _head(self, line: str, number: int) -> PublishedHead:
        try:
            told = json.loads(line)
            return PublishedHead(
                seq=int(told["seq"]), head=str(told["head"]), at=datetime.fromisoformat(told["at"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise HeadsUnreadable(f"{self._path}, line {number}") from error


def _drop_torn_line(file: BinaryIO) -> None:
    file.seek(0)
    written = file.read()
    if written and not written.endswith(b"\n"):
        file.truncate(written.rfind(b"\n") + 1)


def _sync_folder(folder: Path) -> None:
    """A new file survives a power cut only once its folder is written, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
