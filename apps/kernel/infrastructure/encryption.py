"""Encryption of sensitive text with Fernet (AES-128-CBC + HMAC-SHA-256, https://github.com/fernet/spec)."""

from collections.abc import Sequence
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from apps.kernel.application.ports import DecryptionFailed, EncryptionService


class FernetEncryptionService:
    """EncryptionService over Fernet: the first key encrypts, every key decrypts (rotation)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """``keys`` are URL-safe base64 of 32 bytes each, newest first. Raises ValueError."""
        if not keys:
            raise ValueError("at least one encryption key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plaintext: str) -> str:
        return self._fernet.encrypt(plaintext.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except (InvalidToken, UnicodeError, TypeError, AttributeError) as error:
            raise DecryptionFailed("a ciphertext does not open with any key at hand") from error

    def rotate(self, token: str) -> str:
        """Encrypt the text of ``token`` again with the newest key. Raises DecryptionFailed."""
        return self.encrypt(self.decrypt(token))


@cache
def encryption_service() -> EncryptionService:
    """The process's service, with the keys of ``settings.ENCRYPTION_KEYS``."""
    return FernetEncryptionService(settings.ENCRYPTION_KEYS)
