"""The file of a backup: age around a line of JSON, the dump, and a checksum.

Without this program, any age and any PostgreSQL open it as well::

    age --decrypt -i key.txt FILE | tail -n +2 | head -c -64 | pg_restore …
"""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage

from project.backup.errors import BackupError
from project.backup.manifest import Manifest

FORMAT = "emotional-balance backup 1"
_CHECKSUM = 64  # letters of SHA-256
_LONGEST_MANIFEST = 4 * 2**20


class Sink(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class _Packed:
    """Reads as the manifest, then ``stream``, then the checksum over both."""

    def __init__(self, manifest: Manifest, stream: IO[bytes], ended: Callable[[], None]) -> None:
        self._ready = json.dumps({"format": FORMAT, **manifest.to_json()}).encode() + b"\n"
        self._stream: IO[bytes] | None = stream
        self._ended = ended
        self._digest = sha256(self._ready)
        self.failure: BackupError | None = None

    def read(self, size: int) -> bytes:
        if not self._ready and self._stream is not None:
            self._ready = self._stream.read(size)
            self._digest.update(self._ready)
            if not self._ready:
                self._stream = None
                try:
                    self._ended()
                except BackupError as failure:
                    self.failure = failure
                    raise
                self._ready = self._digest.hexdigest().encode()
        data, self._ready = self._ready[:size], self._ready[size:]
        return data


class _Unpacked:
    """Takes what was decrypted; passes the dump on, holding back what may be the checksum."""

    def __init__(self, sink: Sink | None) -> None:
        self._sink = sink
        self._held = b""
        self._digest = sha256()
        self.manifest: Manifest | None = None
        self.failure: Exception | None = None

    def write(self, data: bytes) -> int:
        self._held += data
        if self.manifest is None:
            if b"\n" not in self._held:
                if len(self._held) > _LONGEST_MANIFEST:
                    raise BackupError("The file holds no backup of this program.")
                return len(data)
            line, _, rest = self._held.partition(b"\n")
            self.manifest = _manifest_of(line)
            self._digest.update(line + b"\n")
            self._held = rest
        self._pass_on(self._held[:-_CHECKSUM])
        self._held = self._held[-_CHECKSUM:]
        return len(data)

    def flush(self) -> None:
        """age asks for it at the end."""

    def finish(self) -> Manifest:
        if self.manifest is None or self._held != self._digest.hexdigest().encode():
            raise BackupError("The backup is not whole: its checksum does not agree. Take another one.")
        return self.manifest

    def _pass_on(self, data: bytes) -> None:
        self._digest.update(data)
        if self._sink is not None and data:
            try:
                self._sink.write(data)
            except OSError as failure:  # the program that reads has ended; it tells why
                self.failure = failure
                raise


def recipients_of(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys out of ``age1…``. Raises BackupError when there is none, or one is no key."""
    if not keys:
        raise BackupError(
            "BACKUP_RECIPIENTS is not set: there is nobody who could open a backup. Make a pair of keys with "
            "`python manage.py backup --new-key FILE` on another machine, and set its public key here."
        )
    found = []
    for position, key in enumerate(keys, start=1):
        try:
            found.append(pyrage.x25519.Recipient.from_str(key.strip()))
        except pyrage.RecipientError:
            raise BackupError(f"BACKUP_RECIPIENTS: key {position} is no public key of age (age1…).") from None
    return found


def identities_in(text: str) -> list[pyrage.x25519.Identity]:
    """Private keys out of the text of a key file (# begins a remark). Raises BackupError."""
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BackupError("The key file holds no private key of age (AGE-SECRET-KEY-1…).")
    return found


def seal(
    *,
    manifest: Manifest,
    stream: IO[bytes],
    ended: Callable[[], None],
    target: IO[bytes],
    recipients: Sequence[pyrage.x25519.Recipient],
) -> None:
    """Write the file of a backup. ``ended`` is called when ``stream`` is: it raises BackupError when the dump
    did not come to its end, and so does this."""
    packed = _Packed(manifest, stream, ended)
    try:
        pyrage.encrypt_io(packed, target, recipients)
    except (pyrage.EncryptError, OSError):
        if packed.failure is not None:
            raise packed.failure from None
        raise


def unseal(file: Path, *, identities: Sequence[pyrage.x25519.Identity], sink: Sink | None = None) -> Manifest:
    """Read the file of a backup to its end, passing the dump on to ``sink``; return its manifest.

    Raises BackupError when it is damaged, cut off, made for another key, or no backup. What ``sink`` has got
    by then is a part of the dump and must be thrown away; OSError out of the sink comes through.
    """
    unpacked = _Unpacked(sink)
    try:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, unpacked, identities)
    except (FileNotFoundError, IsADirectoryError):
        raise BackupError(f"There is no file {file}.") from None
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BackupError(
                "This key does not open the backup: it was made for another one. Look for the key whose "
                "public part stood in BACKUP_RECIPIENTS when the backup was made."
            ) from None
        raise BackupError(f"{file.name} is no backup, or its beginning is damaged.") from None
    except OSError as error:
        if error is unpacked.failure:
            raise
        raise BackupError(f"{file.name} is damaged or cut off. Take another backup.") from None
    return unpacked.finish()


def manifest_in(file: Path, *, identities: Sequence[pyrage.x25519.Identity]) -> Manifest:
    """The manifest of a backup that is whole: the file is read to its end. Raises BackupError."""
    return unseal(file, identities=identities)


def _manifest_of(line: bytes) -> Manifest:
    try:
        given = json.loads(line)
        if given.pop("format") != FORMAT:
            raise BackupError("The file is a backup of another format: use the program of its time.")
        return Manifest.from_json(given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("The file holds no backup of this program.") from None
