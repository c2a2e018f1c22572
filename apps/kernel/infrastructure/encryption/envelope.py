"""AES-256-GCM under a data key per person: the default EncryptionService.

A token is ``env1.`` and base64url of: version (1 byte), id of the data key (16), nonce (12), ciphertext with
its tag of 16 bytes. The version, the key's id and the place are authenticated beside the text.
"""

import binascii
import os
from base64 import urlsafe_b64encode
from binascii import a2b_base64
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag

from apps.kernel.application.ports import DecryptionFailed, Place
from apps.kernel.infrastructure.encryption.data_keys import DataKey
from apps.kernel.infrastructure.encryption.framing import framed, place_parts
from apps.kernel.infrastructure.encryption.key_ring import NONCE_LENGTH

PREFIX = "env1."
_VERSION = b"\x01"
_KEY_ID = slice(1, 17)
_NONCE = slice(17, 17 + NONCE_LENGTH)
_REST = slice(17 + NONCE_LENGTH, None)
_ALPHABET = bytes.maketrans(b"-_+/", b"+/!!")
_SHORTEST = 17 + NONCE_LENGTH + 16


class DataKeys(Protocol):
    def to_seal(self, person: UUID | None) -> DataKey: ...

    def to_open(self, person: UUID | None, key_id: UUID) -> DataKey: ...

    def preload(self, persons: Iterable[UUID | None]) -> None: ...


class EnvelopeEncryptionService:
    """EncryptionService (port) over the data keys of people."""

    def __init__(self, keys: DataKeys) -> None:
        self._keys = keys

    def encrypt(self, plaintext: str, *, place: Place) -> str:
        key = self._keys.to_seal(place.person)
        nonce = os.urandom(NONCE_LENGTH)
        sealed = key.cipher.encrypt(nonce, plaintext.encode(), _bound(key.id, place))
        return PREFIX + _to_text(_VERSION + key.id.bytes + nonce + sealed)

    def decrypt(self, token: str, *, place: Place) -> str:
        raw = _raw(token)
        key_id = UUID(bytes=raw[_KEY_ID])
        key = self._keys.to_open(place.person, key_id)
        try:
            return key.cipher.decrypt(raw[_NONCE], raw[_REST], _bound(key_id, place)).decode()
        except (InvalidTag, UnicodeError) as error:
            raise DecryptionFailed(f"a ciphertext does not open where it stands ({place.field})") from error

    def preload(self, persons: Iterable[UUID | None]) -> None:
        """Read the keys of many people in one statement."""
        self._keys.preload(persons)


def key_id_of(token: str) -> UUID:
    """The data key that ``token`` was made with. Raises DecryptionFailed when it is no token."""
    return UUID(bytes=_raw(token)[_KEY_ID])


def _bound(key_id: UUID, place: Place) -> bytes:
    return framed((PREFIX, _VERSION, key_id.bytes, *place_parts(place)))


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _raw(token: str) -> bytes:
    text = token.removeprefix(PREFIX)
    try:
        # Strict: what is no letter of ours, "+" and "/" included, is refused and not passed over.
        raw = a2b_base64(
            text.encode("ascii").translate(_ALPHABET) + b"=" * (-len(text) % 4), strict_mode=True
        )
    except (binascii.Error, ValueError):
        raw = b""
    # The last letter has bits to spare: only one spelling of the same bytes may pass.
    spare = len(raw) % 3
    ends_well = not spare or text.endswith(_to_text(raw[-spare:]))
    if not token.startswith(PREFIX) or len(raw) < _SHORTEST or raw[:1] != _VERSION or not ends_well:
        raise DecryptionFailed("this is no ciphertext of ours, or it is damaged")
    return raw
