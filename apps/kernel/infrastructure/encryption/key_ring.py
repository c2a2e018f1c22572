"""Key-encryption keys: they wrap the data keys of people, and never come near PostgreSQL."""

import binascii
import os
import re
from base64 import b64decode
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.infrastructure.encryption.framing import framed

KEY_LENGTH = 32
NONCE_LENGTH = 12  # NIST SP 800-38D, 8.2.2: random nonces of 96 bits, at most 2^32 of them under one key
_GENERATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def raw_key(text: str) -> bytes:
    """The 32 bytes that ``text`` (base64, either alphabet) stands for. Raises ValueError."""
    try:
        key = b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_LENGTH:
        raise ValueError("not 32 bytes in base64")
    return key


class KeyRing:
    """Several generations of key-encryption keys at once: the newest wraps, every one unwraps."""

    def __init__(self, keys: Sequence[str]) -> None:
        """``keys`` are ``generation:base64``, the newest first. Raises ValueError, which names no key."""
        self._keys: dict[str, AESGCM] = {}
        for position, each in enumerate(keys, start=1):
            generation, _, encoded = each.strip().partition(":")
            if not _GENERATION.fullmatch(generation):
                raise ValueError(f"key {position} has no name of its generation (generation:base64)")
            if generation in self._keys:
                raise ValueError(f"generation {generation} is named twice")
            try:
                self._keys[generation] = AESGCM(raw_key(encoded))
            except ValueError as error:
                raise ValueError(f"generation {generation}: {error}") from None
        if not self._keys:
            raise ValueError("at least one key-encryption key is needed")

    @property
    def newest(self) -> str:
        """The generation that wraps."""
        return next(iter(self._keys))

    @property
    def generations(self) -> tuple[str, ...]:
        """All that are at hand, the newest first."""
        return tuple(self._keys)

    def wrap(self, key: bytes, *, key_id: UUID, person: UUID | None) -> bytes:
        """``key`` under the newest generation, bound to its id and its person."""
        nonce = os.urandom(NONCE_LENGTH)
        bound = _bound(key_id, person, self.newest)
        return nonce + self._keys[self.newest].encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, *, generation: str, key_id: UUID, person: UUID | None) -> bytes:
        """The data key. Raises DecryptionFailed."""
        if generation not in self._keys:
            raise DecryptionFailed(f"the key-encryption key of generation {generation!r} is not at hand")
        nonce, sealed = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
        try:
            return self._keys[generation].decrypt(nonce, sealed, _bound(key_id, person, generation))
        except (InvalidTag, ValueError) as error:
            raise DecryptionFailed(
                f"a person's key does not open with the key-encryption key of generation {generation!r}"
            ) from error


def _bound(key_id: UUID, person: UUID | None, generation: str) -> bytes:
    return framed(("person key 1", key_id.bytes, b"" if person is None else person.bytes, generation))
