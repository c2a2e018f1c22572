"""The process's EncryptionService: one adapter seals, every scheme that may still be kept is opened."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.kernel.application.ports import DecryptionFailed, Place
from apps.kernel.infrastructure.encryption import envelope, fernet
from apps.kernel.infrastructure.encryption.data_keys import PostgresPersonKeys
from apps.kernel.infrastructure.encryption.envelope import EnvelopeEncryptionService
from apps.kernel.infrastructure.encryption.fernet import FernetEncryptionService
from apps.kernel.infrastructure.encryption.key_ring import KeyRing

ENVELOPE, FERNET, LEGACY = "envelope", "fernet", "legacy"


def scheme_of(token: str) -> str | None:
    """How ``token`` was sealed: ENVELOPE, FERNET, LEGACY (bare Fernet, no place), or None."""
    if token.startswith(envelope.PREFIX):
        return ENVELOPE
    if token.startswith(fernet.PREFIX):
        return FERNET
    return LEGACY if token.startswith(fernet.LEGACY_PREFIX) else None


class Encryption:
    """EncryptionService (port): the adapter of ``scheme`` seals; what any of them sealed is opened."""

    def __init__(
        self, *, scheme: str, envelope: EnvelopeEncryptionService, fernet: FernetEncryptionService | None
    ) -> None:
        """``fernet`` is None when ENCRYPTION_KEYS names no keys."""
        self.scheme = scheme
        self._envelope, self._fernet = envelope, fernet
        self._sealing = self._fernet_or_refuse() if scheme == FERNET else envelope

    def encrypt(self, plaintext: str, *, place: Place) -> str:
        return self._sealing.encrypt(plaintext, place=place)

    def decrypt(self, token: str, *, place: Place) -> str:
        scheme = scheme_of(token)
        if scheme == ENVELOPE:
            return self._envelope.decrypt(token, place=place)
        if scheme == FERNET:
            return self._fernet_or_refuse().decrypt(token, place=place)
        if scheme == LEGACY:
            return self._fernet_or_refuse().decrypt_legacy(token)
        raise DecryptionFailed("this is no ciphertext of ours, or it is damaged")

    def preload(self, persons: Iterable[UUID | None]) -> None:
        """Make ready to open texts of many people: one statement at most, instead of one for each of them."""
        self._sealing.preload(persons)

    def _fernet_or_refuse(self) -> FernetEncryptionService:
        if self._fernet is None:
            raise DecryptionFailed("a ciphertext needs ENCRYPTION_KEYS, which names no keys")
        return self._fernet


@cache
def key_ring() -> KeyRing:
    """The key-encryption keys of ``settings.KEY_ENCRYPTION_KEYS``."""
    return KeyRing(settings.KEY_ENCRYPTION_KEYS)


@cache
def person_keys() -> PostgresPersonKeys:
    """The data keys of people, with the memory of this process."""
    return PostgresPersonKeys(key_ring())


@cache
def encryption_service() -> Encryption:
    """The process's service: ``settings.ENCRYPTION_ADAPTER`` seals."""
    keys = settings.ENCRYPTION_KEYS
    if settings.ENCRYPTION_ADAPTER not in (ENVELOPE, FERNET):
        raise ImproperlyConfigured(f"ENCRYPTION_ADAPTER is neither {ENVELOPE} nor {FERNET}.")
    return Encryption(
        scheme=settings.ENCRYPTION_ADAPTER,
        envelope=EnvelopeEncryptionService(person_keys()),
        fernet=FernetEncryptionService(keys) if keys else None,
    )
