"""Encryption with Fernet (AES-128-CBC + HMAC-SHA-256, https://github.com/fernet/spec).

Fernet authenticates nothing beside the text, so a digest of the place is sealed in front of it and compared
when it is opened. There is no key per person: whoever erases a person must erase their rows.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from apps.kernel.application.ports import DecryptionFailed, Place
from apps.kernel.infrastructure.encryption.framing import framed, place_parts

PREFIX = "fer1."
LEGACY_PREFIX = "gAAAAA"  # version 0x80 and a time before 2106, in base64


class FernetEncryptionService:
    """EncryptionService (port) over Fernet: the first key encrypts, every key decrypts (rotation)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """``keys`` are URL-safe base64 of 32 bytes each, newest first. Raises ValueError."""
        if not keys:
            raise ValueError("at least one encryption key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plaintext: str, *, place: Place) -> str:
        return PREFIX + self._fernet.encrypt(_digest(place) + plaintext.encode()).decode("ascii")

    def decrypt(self, token: str, *, place: Place) -> str:
        if not token.startswith(PREFIX):
            raise DecryptionFailed("this is no ciphertext of ours, or it is damaged")
        content = self._content(token.removeprefix(PREFIX))
        if not compare_digest(content[:32], _digest(place)):
            raise DecryptionFailed(f"a ciphertext does not open where it stands ({place.field})")
        return _text(content[32:])

    def decrypt_legacy(self, token: str) -> str:
        """The text of a bare Fernet token, as earlier versions wrote them: bound to no place."""
        return _text(self._content(token))

    def preload(self, persons: Iterable[UUID | None]) -> None:
        """Nothing to read: the keys are the settings'."""

    def _content(self, token: str) -> bytes:
        try:
            return self._fernet.decrypt(token.encode("ascii"))
        except (InvalidToken, UnicodeError) as error:
            raise DecryptionFailed("a ciphertext does not open with any key at hand") from error


def _digest(place: Place) -> bytes:
    return sha256(framed((PREFIX, *place_parts(place)))).digest()


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeError as error:
        raise DecryptionFailed("a ciphertext holds no text") from error
